package io.delivery.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with the arguments of a command, and where its help is: the help itself is so
 * long that the reason would scroll away. For every command of the program.
 */
public final class UsageErrors {
    private UsageErrors() {}

    /**
     * Prints the reason and the pointer on standard error.
     *
     * @param arguments those of the program, which the reason has already
     * @return the exit code
     */
    public static int tell(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(wrong.getMessage() + didYouMean(wrong));
        err.println("(%s --help tells more)".formatted(command.getCommandSpec().qualifiedName()));
        err.flush();
        return ExitCodes.USAGE;
    }

    private static String didYouMean(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        List<String> close = unmatched.getSuggestions();
        return close.isEmpty() ? "" : "; did you mean %s?".formatted(String.join(" or ", close));
    }
}
