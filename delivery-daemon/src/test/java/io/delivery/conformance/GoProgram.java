package io.delivery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.servers.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Programs in Go, built with the modules that {@code clients/go/go.sum} names and {@code .ci/tools
 * sdk-go} has fetched: nothing is downloaded here.
 */
final class GoProgram {
    /** In the tools folder. */
    static final String COMPILER = "sdk-go/go";

    private GoProgram() {}

    /**
     * @param source of its package main
     * @return the executable
     */
    static Path build(Path folder, byte[] source) throws Exception {
        Path module = Files.createDirectories(folder.resolve("go-program"));
        copy("go.mod", module);
        copy("go.sum", module);
        Files.write(module.resolve("main.go"), source);
        Path executable = module.resolve("program");

        ClientProgram.Outcome outcome =
                ClientProgram.in(module)
                        .with("GOMODCACHE", Tools.executable("sdk-go/modules").toString())
                        .with("GOCACHE", Tools.executable("sdk-go/cache").toString())
                        .with("GOPROXY", "off")
                        .with("GOTOOLCHAIN", "local")
                        .with("GOFLAGS", "-mod=readonly")
                        .run(
                                List.of(
                                        Tools.executable(COMPILER).toString(),
                                        "build",
                                        "-o",
                                        executable.toString(),
                                        "."));

        assertThat(outcome.exitCode()).as(outcome.complaints()).isZero();
        return executable;
    }

    private static void copy(String name, Path module) throws IOException {
        Files.write(module.resolve(name), ClientProgram.resource("go/" + name));
    }
}
