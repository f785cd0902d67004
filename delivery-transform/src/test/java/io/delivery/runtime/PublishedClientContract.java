package io.delivery.runtime;

import io.delivery.config.FunctionRunner.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Amazon's own client of the Runtime API, unchanged, as the bootstrap of a function: what speaks to
 * Lambda speaks to us.
 */
abstract class PublishedClientContract extends RuntimeContract {
    PublishedClientContract() {
        super(Runtime.PROVIDED, "index.handler");
    }

    /** The line of a shell script that runs the client. */
    abstract String command();

    /** Name of the folder with the function in the test resources, and of its file. */
    abstract String[] function();

    @Override
    Path code(Path temporary) throws IOException {
        Path code = Files.createDirectories(temporary.resolve("client"));
        Path bootstrap = code.resolve("bootstrap");
        Files.writeString(bootstrap, "#!/bin/sh\nexec " + command() + "\n");
        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
        String file = function()[1];
        Files.write(
                code.resolve(file),
                Files.readAllBytes(TestHost.function(function()[0]).resolve(file)));
        return code;
    }
}
