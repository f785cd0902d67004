package io.delivery.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Files with secrets of the server, which are read again while it runs, whenever their contents
 * change.
 *
 * @param credentials callers of the API, as {@code server.credentials} lists them
 * @param adminToken a text file with nothing but the token
 */
public record ServerFiles(Optional<Path> credentials, Optional<Path> adminToken) {
    /** There are none. */
    public static final ServerFiles NONE = new ServerFiles(Optional.empty(), Optional.empty());
}
