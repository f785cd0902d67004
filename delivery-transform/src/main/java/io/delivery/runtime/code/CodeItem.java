package io.delivery.runtime.code;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A file or a symbolic link of a function's code, where its author put it.
 *
 * @param path from the code's root, with {@code /} between names; not checked
 * @param entry what is known of it
 * @param link where a symbolic link points; empty for a file
 * @param content gives the bytes of a file
 */
record CodeItem(String path, CodeEntry entry, Optional<String> link, Content content) {
    /** Opens the bytes; whoever calls closes them. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }
}
