package io.delivery.parquet;

import java.nio.file.Path;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;

/** DuckDB: reads our files with code that has nothing in common with ours. */
public final class DuckDbReader implements AutoCloseable {
    private final Connection connection;

    public DuckDbReader() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        execute("SET TimeZone = 'UTC'");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** All rows, each as its values with bars between; DuckDB makes text of them. */
    public List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(String.valueOf(result.getObject(i)));
                }
                rows.add(String.join("|", values));
            }
        }
        return rows;
    }

    /**
     * All rows. Values are Boolean, Long, Double, BigDecimal, String, hexadecimal digits of bytes,
     * LocalDate, Instant, List, Map; a struct is a Map from its names; null is null.
     */
    public List<List<Object>> values(String sql) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(plain(result.getObject(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** What DuckDB's driver gives, in Java's own types. */
    private static Object plain(Object value) throws SQLException {
        if (value instanceof Float number) {
            return Double.valueOf(number.toString());
        } else if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
            return ((Number) value).longValue();
        } else if (value instanceof OffsetDateTime moment) {
            return moment.toInstant();
        } else if (value instanceof java.sql.Date day) {
            return day.toLocalDate();
        } else if (value instanceof Blob blob) {
            return HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
        } else if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        } else if (value instanceof DuckDBStruct struct) {
            return plain(struct.getMap());
        } else if (value instanceof Map<?, ?> entries) {
            Map<Object, Object> plain = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                plain.put(entry.getKey(), plain(entry.getValue()));
            }
            return plain;
        } else if (value instanceof Array array) {
            List<Object> elements = new ArrayList<>();
            for (Object element : (Object[]) array.getArray()) {
                elements.add(plain(element));
            }
            return elements;
        }
        return value;
    }

    String value(String sql) throws SQLException {
        return rows(sql).get(0);
    }

    public static String parquet(Path file) {
        return "read_parquet('" + file + "')";
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
