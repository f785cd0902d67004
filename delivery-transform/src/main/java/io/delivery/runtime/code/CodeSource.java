package io.delivery.runtime.code;

import java.io.IOException;
import java.util.List;

/** Where a function's code is, as its author gave it. */
interface CodeSource extends AutoCloseable {
    /** All files and links; those of a packed one can be read until it is closed. */
    List<CodeItem> items();

    @Override
    void close() throws IOException;
}
