package io.delivery.wiring;

import io.delivery.cli.SkipCommand.Confirmation.Answer;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

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

    /** Asks the person who watches, if there is one. */
    static Answer ask(String question) {
        if (!isWatched()) {
            return Answer.NOBODY;
        }
        String line = System.console().readLine("%s", question);
        boolean agreed = line != null && line.strip().toLowerCase(Locale.ROOT).matches("y(es)?");
        return agreed ? Answer.YES : Answer.NO;
    }

    /** Whether the standard output is a screen, wherever the standard input comes from. */
    static boolean showsOutput() {
        try {
            Path output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")); // Linux
            return output.startsWith("/dev") && !output.equals(Path.of("/dev/null"));
        } catch (IOException | UnsupportedOperationException elsewhere) {
            return isWatched();
        }
    }
}
