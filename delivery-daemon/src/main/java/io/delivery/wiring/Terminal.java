package io.delivery.wiring;

import java.io.Console;

/** Whether a person watches. */
final class Terminal {
    private Terminal() {}

    /** Newer JDKs have a console also when it is none, and a method that says so. */
    static boolean isWatched() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console); // JDK 22
        } catch (ReflectiveOperationException older) {
            return true;
        }
    }
}
