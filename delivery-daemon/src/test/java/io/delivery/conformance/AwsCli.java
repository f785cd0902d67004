package io.delivery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/** Commands of the AWS CLI as pages show them, which is for version 2. */
public final class AwsCli {
    /** Version 1 does not know it, and does without: it never takes a text for base64. */
    private static final String OF_VERSION_2 = "--cli-binary-format raw-in-base64-out ";

    private AwsCli() {}

    /**
     * The commands for the program that is there: with version 1 without what the pages say is to
     * be left out.
     *
     * @param commands for a shell, of which each that begins a line with {@code aws} is for the
     *     program
     * @param aws the program
     * @param folder where it is asked for its version
     */
    public static String commands(String commands, Path aws, Path folder) throws Exception {
        assertThat(commands).contains(OF_VERSION_2);
        ClientProgram.Outcome version =
                ClientProgram.in(folder).run(List.of(aws.toString(), "--version"));
        assertThat(version.exitCode()).as(version.complaints()).isZero();
        String run = commands.replaceAll("(?m)^aws ", aws + " ");
        // Early releases of version 1 tell it on their standard error.
        return (version.text() + version.complaints()).contains("aws-cli/1.")
                ? run.replace(OF_VERSION_2, "")
                : run;
    }
}
