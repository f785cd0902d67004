package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.ColumnType;
import io.delivery.format.RowFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files for a reader of others, and the rows that it must see in them. */
public final class FilesOfRows {
    private final Path directory;
    private final String extension;
    private final List<Path> paths = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private final List<List<ColumnType>> types = new ArrayList<>();

    /**
     * @param extension of the files' names, without a dot
     */
    public FilesOfRows(Path directory, String extension) {
        this.directory = directory;
        this.extension = extension;
    }

    public FilesOfRows add(CornerValues corner, RowFormat format) throws Exception {
        corner.write(next(), format);
        return expect(corner.seen(), corner.types());
    }

    public FilesOfRows add(RandomRecords made, RowFormat format) throws Exception {
        made.write(next(), format);
        return expect(made.expected(), made.types());
    }

    private Path next() {
        Path file = directory.resolve(paths.size() + "." + extension);
        paths.add(file);
        return file;
    }

    private FilesOfRows expect(List<String> rows, List<ColumnType> typesOfRows) {
        expected.addAll(rows);
        rows.forEach(row -> types.add(typesOfRows));
        return this;
    }

    /** In the order in which they were added. */
    public List<Path> paths() {
        return paths;
    }

    /** {@link ForeignRow} must understand the values of the rows, which are those of all files. */
    public void assertSeen(List<? extends List<?>> rows) {
        List<String> seen = new ArrayList<>();
        for (int row = 0; row < Math.min(rows.size(), types.size()); row++) {
            seen.add(ForeignRow.text(rows.get(row), types.get(row)));
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(rows).hasSameSizeAs(expected);
    }
}
