package io.delivery.proof;

import java.io.IOException;
import java.util.List;

/** Reads Parquet; not with the code that wrote it. */
@FunctionalInterface
public interface RowReader {
    /**
     * All rows of a file, with one text per column.
     *
     * @throws IOException when it is no whole Parquet file
     */
    List<List<String>> rows(byte[] file, List<String> columns) throws IOException;
}
