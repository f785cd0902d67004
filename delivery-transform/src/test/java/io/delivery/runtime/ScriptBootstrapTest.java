package io.delivery.runtime;

import io.delivery.config.FunctionRunner.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;

class ScriptBootstrapTest extends RuntimeContract {
    ScriptBootstrapTest() {
        super(Runtime.PROVIDED, "");
    }

    @BeforeAll
    static void needsPython() {
        Programs.assume("python3");
    }

    @Override
    Path code(Path temporary) throws IOException {
        Path code = Files.createDirectories(temporary.resolve("script"));
        Path bootstrap = code.resolve("bootstrap");
        Files.copy(
                TestHost.function("provided-script/bootstrap"),
                bootstrap,
                StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
        return code;
    }
}
