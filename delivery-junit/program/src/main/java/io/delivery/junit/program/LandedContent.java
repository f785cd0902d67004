package io.delivery.junit.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreSettings;
import io.delivery.failure.OpenedSoFar;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.machine.Machine;
import io.delivery.parquet.ParquetTable;
import io.delivery.record.ObjectName;
import io.delivery.s3.S3Reader;
import io.delivery.s3.S3Settings;
import io.delivery.testkit.orc.OrcContent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyInputStream;

/** Reads objects back from their stores: bytes, text without compression, rows. Thread-safe. */
final class LandedContent implements AutoCloseable {
    private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);

    /** At the beginning, and before the last byte: ORC specification, "File Tail". */
    private static final byte[] ORC = "ORC".getBytes(StandardCharsets.US_ASCII);

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final Machine machine = new Machine();
    private final Map<String, Source> sources = new HashMap<>();

    /** A store to read from. */
    private interface Source extends AutoCloseable {
        byte[] read(ObjectName name) throws IOException;

        @Override
        default void close() {}
    }

    LandedContent(List<StoreSettings> stores) throws IOException {
        try {
            for (StoreSettings store : stores) {
                sources.put(
                        store.name(),
                        store.definition()
                                .choose(directory -> folder(directory.path()), this::server));
            }
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, this::close);
            throw failed;
        }
    }

    private static Source folder(Path lake) {
        return name -> {
            try {
                return Files.readAllBytes(lake.resolve(name.bucket()).resolve(name.key()));
            } catch (NoSuchFileException gone) {
                throw removed(name);
            }
        };
    }

    private Source server(StoreDefinition.S3 s3) throws IOException {
        S3Reader reader = S3Reader.open(S3Settings.of(s3, false), machine.world().scheduler());
        return new Source() {
            @Override
            public byte[] read(ObjectName name) throws IOException {
                return reader.read(name.bucket(), name.key()).orElseThrow(() -> removed(name));
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    private static FileNotFoundException removed(ObjectName name) {
        return new FileNotFoundException(
                "%s has landed, and somebody has removed it since".formatted(name));
    }

    /**
     * One object.
     *
     * @param role {@code main}, {@code backup} or {@code error}
     * @return also {@code text} without compression, and {@code rows} of Parquet, ORC and objects
     *     of JSON; null where it has none
     */
    Map<String, Object> of(ObjectRecord object, String role) throws IOException {
        Source source = sources.get(object.store());
        if (source == null) {
            throw new IOException(
                    "%s has landed in the store %s, which is not configured"
                            .formatted(object.name(), object.store()));
        }
        byte[] bytes = source.read(object.name());
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("role", role);
        shown.put("bucket", object.name().bucket());
        shown.put("key", object.name().key());
        shown.put("records", object.records());
        shown.put("bytes", bytes);
        if (isParquet(bytes)) {
            shown.put("format", "Parquet");
            shown.put("rows", parquet(bytes));
        } else if (isOrc(bytes)) {
            shown.put("format", "ORC");
            shown.put("rows", orc(bytes));
        } else {
            byte[] text = plain(bytes, object.attributes().contentEncoding());
            shown.put("text", text);
            shown.put("rows", json(text));
        }
        return shown;
    }

    // --- formats ---

    private static boolean isParquet(byte[] bytes) {
        return at(bytes, 0, PARQUET) && at(bytes, bytes.length - PARQUET.length, PARQUET);
    }

    private static boolean isOrc(byte[] bytes) {
        return at(bytes, 0, ORC) && at(bytes, bytes.length - 1 - ORC.length, ORC);
    }

    private static boolean at(byte[] bytes, int from, byte[] magic) {
        return from >= 0
                && bytes.length >= from + magic.length
                && Arrays.equals(bytes, from, from + magic.length, magic, 0, magic.length);
    }

    private static List<Map<String, Object>> parquet(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("rows-", ".parquet");
        try {
            Files.write(file, bytes);
            try (ParquetTable table = ParquetTable.open(file)) {
                return table.rows();
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static List<Map<String, Object>> orc(byte[] bytes) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (OrcContent content = OrcContent.of(bytes)) {
            for (List<Object> values : content.rows()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 0; i < values.size(); i++) {
                    row.put(content.columns().get(i), values.get(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /**
     * Null when there is something else in it than objects of JSON, one behind the other, and a
     * byte order mark before the first one.
     */
    private static List<Object> json(byte[] text) throws IOException {
        List<Object> rows = new ArrayList<>();
        String decoded;
        try {
            // Bytes would be taken for UTF-16 or UTF-32 where they look like that.
            decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
        String unmarked = decoded.startsWith(BYTE_ORDER_MARK) ? decoded.substring(1) : decoded;
        try (MappingIterator<JsonNode> nodes =
                JSON.readerFor(JsonNode.class).readValues(unmarked)) {
            while (nodes.hasNextValue()) {
                JsonNode node = nodes.nextValue();
                if (!node.isObject()) {
                    return null;
                }
                rows.add(value(node));
            }
            return rows;
        } catch (JsonProcessingException none) {
            return null;
        }
    }

    private static Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                node.properties()
                        .forEach(field -> fields.put(field.getKey(), value(field.getValue())));
                yield fields;
            }
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                node.forEach(element -> elements.add(value(element)));
                yield elements;
            }
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                    !node.isIntegralNumber()
                            ? fraction(node.decimalValue())
                            : node.canConvertToLong()
                                    ? (Object) node.longValue()
                                    : node.bigIntegerValue();
            case NULL -> null;
            case BINARY, MISSING, POJO ->
                    throw new IllegalStateException("a parser makes none: " + node.getNodeType());
        };
    }

    /** A Double where that says the same. */
    private static Object fraction(BigDecimal number) {
        double nearest = number.doubleValue();
        return Double.isFinite(nearest) && BigDecimal.valueOf(nearest).compareTo(number) == 0
                ? (Object) nearest
                : number;
    }

    // --- compression ---

    private static byte[] plain(byte[] bytes, String encoding) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        switch (encoding) {
            case "":
                return bytes;
            case "gzip":
                try (GZIPInputStream plain = new GZIPInputStream(in)) {
                    return plain.readAllBytes();
                }
            case "zip":
                try (ZipInputStream plain = new ZipInputStream(in)) {
                    plain.getNextEntry();
                    return plain.readAllBytes();
                }
            case "zstd":
                try (ZstdInputStreamNoFinalizer plain = new ZstdInputStreamNoFinalizer(in)) {
                    return plain.readAllBytes();
                }
            case "snappy-java":
                try (SnappyInputStream plain = new SnappyInputStream(in)) {
                    return plain.readAllBytes();
                }
            case "hadoop-snappy":
                return hadoopSnappy(bytes);
            default:
                throw new IOException("an object in " + encoding + " cannot be read");
        }
    }

    /** Before each block its length and its compressed length; of nothing one length of 0. */
    private static byte[] hadoopSnappy(byte[] bytes) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        while (in.available() > 0) {
            if (in.readInt() > 0) {
                plain.write(Snappy.uncompress(in.readNBytes(in.readInt())));
            }
        }
        return plain.toByteArray();
    }

    @Override
    public void close() {
        for (Source source : sources.values()) {
            source.close();
        }
        machine.close();
    }
}
