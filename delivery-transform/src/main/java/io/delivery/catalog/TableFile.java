package io.delivery.catalog;

import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import java.nio.file.Path;
import java.util.List;

/** Reads one table from a file that is in no catalog, or not in its place yet. */
public final class TableFile {
    private TableFile() {}

    /**
     * Reads {@code DATABASE/TABLE.yaml} or {@code .avsc}, as {@link FileCatalog} does.
     *
     * @param formats what the serde that reads the table's records can do
     * @throws CatalogException when the file is not there, cannot be read, or makes no sense
     */
    public static TableSchema read(Path file, TimestampFormats formats) throws CatalogException {
        Path whole = file.toAbsolutePath().normalize();
        byte[] content = FileCatalog.content(whole);
        if (content == null) {
            throw new CatalogException(
                    Reason.ENTITY_NOT_FOUND,
                    List.of(
                            new SchemaProblem(
                                    Cause.ABSENT, file.toString(), 0, "", "is not there")));
        }
        Path folder = whole.getParent().getFileName();
        String database = folder == null ? "" : folder.toString();
        String name = whole.getFileName().toString();
        String table = name.replaceFirst("\\.(yaml|avsc)$", "");
        String mark = FileCatalog.mark(content);
        return name.endsWith(".avsc")
                ? AvroTable.read(whole, content, database, table, mark)
                : new YamlTable(whole, content, formats).read(database, table, mark);
    }
}
