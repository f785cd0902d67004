package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.FunctionRunner.Runtime;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A bootstrap in C, compiled here. */
class CompiledBootstrapTest extends RuntimeContract {
    private static @TempDir Path code;

    CompiledBootstrapTest() {
        super(Runtime.PROVIDED, "");
    }

    @BeforeAll
    static void compile() throws Exception {
        Programs.assume("cc");
        Process compiler =
                new ProcessBuilder(
                                "cc",
                                "-D_GNU_SOURCE",
                                "-O1",
                                "-o",
                                code.resolve("bootstrap").toString(),
                                TestHost.function("provided-c/bootstrap.c").toString())
                        .inheritIO()
                        .start();
        assertThat(compiler.waitFor()).isZero();
    }

    @Override
    Path code(Path temporary) {
        return code;
    }
}
