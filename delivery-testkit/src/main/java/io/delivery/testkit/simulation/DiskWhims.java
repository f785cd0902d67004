package io.delivery.testkit.simulation;

import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimEntropy;
import java.io.IOException;
import java.util.function.Predicate;

/** What goes wrong on a simulated disk. */
final class DiskWhims {
    private DiskWhims() {}

    /** Arms a fault at a kind of call in one room of the house, or fills the disk. */
    static void arm(SimDisk disk, SimEntropy chance) {
        if (chance.chance(0.2)) {
            disk.fullAfter(chance.below(3000));
            return;
        }
        DiskCall.Kind[] kinds = DiskCall.Kind.values();
        // Syncs fail most: of what they leave behind least is known.
        DiskCall.Kind kind =
                chance.chance(0.4) ? DiskCall.Kind.SYNC : kinds[chance.below(kinds.length)];
        Predicate<DiskCall> room = room(chance.below(6));
        disk.failNext(
                call -> call.kind() == kind && room.test(call),
                new IOException("injected: " + kind + " failed"));
    }

    private static Predicate<DiskCall> room(int number) {
        return switch (number) {
            case 0 -> call -> call.touches("journal");
            case 1 -> DiskWhims::inState;
            case 2 -> call -> call.touches("staging");
            case 3 -> call -> call.touches("spool");
            default -> call -> true;
        };
    }

    /** Whether it is about the state of a lane. */
    static boolean inState(DiskCall call) {
        return call.touches("lanes") && call.path().getFileName().toString().startsWith("state");
    }
}
