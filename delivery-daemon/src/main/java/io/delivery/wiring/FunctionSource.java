package io.delivery.wiring;

import io.delivery.config.FunctionSettings;
import io.delivery.runtime.code.FunctionCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a function is made of: two that are equal are the same function.
 *
 * @param plugins the folder of plugins
 * @param code tells one code from another, whatever it is made of; empty for a function that runs
 *     elsewhere
 */
record FunctionSource(FunctionSettings settings, Path plugins, String code) {
    /**
     * As it is now on the disk.
     *
     * @throws IOException when its code cannot be read
     */
    static FunctionSource of(FunctionSettings settings, Path plugins) throws IOException {
        String code =
                settings.runner()
                        .<String, IOException>choose(
                                process -> FunctionCode.checksum(process.code()),
                                endpoint -> "",
                                lambda -> "",
                                plugin ->
                                        Files.exists(plugins)
                                                ? FunctionCode.checksum(plugins)
                                                : "");
        return new FunctionSource(settings, plugins, code);
    }
}
