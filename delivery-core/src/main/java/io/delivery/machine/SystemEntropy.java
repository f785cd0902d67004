package io.delivery.machine;

import io.delivery.world.Entropy;
import java.security.SecureRandom;

/** Random bits nobody can guess. Thread-safe; never blocks once the machine is up. */
public final class SystemEntropy implements Entropy {
    private final SecureRandom random = new SecureRandom();

    @Override
    public long nextLong() {
        return random.nextLong();
    }
}
