package io.delivery.catalog;

import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one table from a file that is in no catalog, or not in its place yet. */
public final class TableFile {
    private static final Logger LOG = LoggerFactory.getLogger(TableFile.class);

    private static final int MAX_FILE_BYTES = 1 << 20;

    private TableFile() {}

    /**
     * Reads {@code DATABASE/TABLE.yaml} or {@code .avsc}, as {@link FileCatalog} does.
     *
     * @param formats what the serde that reads the table's records can do
     * @throws CatalogException when the file is not there, cannot be read, or makes no sense
     */
    public static TableSchema read(Path file, TimestampFormats formats) throws CatalogException {
        Path whole = file.toAbsolutePath().normalize();
        byte[] content = content(whole);
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
        String mark = mark(content);
        return parse(whole, content, formats, database, table, mark);
    }

    /**
     * What a file says. What nobody expects of its parser is a matter of the file as well: it must
     * not take the last good schema out of force.
     */
    static TableSchema parse(
            Path file,
            byte[] content,
            TimestampFormats formats,
            String database,
            String table,
            String version)
            throws CatalogException {
        try {
            return file.toString().endsWith(".avsc")
                    ? AvroTable.read(file, content, database, table, version)
                    : new YamlTable(file, content, formats).read(database, table, version);
        } catch (RuntimeException | StackOverflowError unexpected) {
            LOG.debug("a parser has failed: file={}", file, unexpected);
            throw unusable(
                    file,
                    Cause.CONTENT,
                    "cannot be read as a table: " + FailureText.of(unexpected));
        }
    }

    /** Null when there is no such file. */
    static byte[] content(Path file) throws CatalogException {
        try {
            return BoundedFile.read(file, MAX_FILE_BYTES);
        } catch (NoSuchFileException absent) {
            return null;
        } catch (BoundedFile.RefusedException refused) {
            throw refused.tooLong()
                    ? unusable(file, Cause.CONTENT, "has more than 1 MiB, too much for a table")
                    : unusable(file, Cause.UNREADABLE, refused.getMessage());
        } catch (IOException e) {
            throw unusable(file, Cause.UNREADABLE, "cannot be read: " + FailureText.of(e));
        }
    }

    private static CatalogException unusable(Path file, Cause cause, String message) {
        return new CatalogException(
                Reason.INVALID_SCHEMA,
                List.of(new SchemaProblem(cause, file.toString(), 0, "", message)));
    }

    /** The version of a file without a number: {@code sha256:} and the first 16 digits. */
    static String mark(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return "sha256:" + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
