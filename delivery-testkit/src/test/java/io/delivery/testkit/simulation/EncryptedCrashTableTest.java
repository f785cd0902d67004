package io.delivery.testkit.simulation;

import io.delivery.testkit.simulation.CrashRun.Kept;

/** The crash table of a stream that is encrypted, with another master key in each third process. */
class EncryptedCrashTableTest extends WiredCrashTableTest {
    @Override
    Kept kept() {
        return Kept.ENCRYPTED;
    }
}
