package io.delivery.junit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An object that landed, with what is in it. Immutable. */
public final class LandedObject {
    private final String bucket;
    private final String key;
    private final long records;
    private final byte[] bytes;
    private final Optional<byte[]> text;
    private final String format;
    private final Optional<List<Map<String, Object>>> rows;

    /**
     * @param text without compression; empty of a format that is no text
     * @param format of an object that is no text, for people
     * @param rows empty when there is something else in it than rows and objects of JSON
     */
    LandedObject(
            String bucket,
            String key,
            long records,
            byte[] bytes,
            Optional<byte[]> text,
            String format,
            Optional<List<Map<String, Object>>> rows) {
        this.bucket = bucket;
        this.key = key;
        this.records = records;
        this.bytes = bytes;
        this.text = text;
        this.format = format;
        this.rows = rows;
    }

    public String bucket() {
        return bucket;
    }

    public String key() {
        return key;
    }

    /** How many records are in it. */
    public long records() {
        return records;
    }

    /** The object as it is in the store. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * What is in it without its compression: the bytes of its records, whatever they are, and what
     * is between them.
     *
     * @throws IllegalStateException when it is Parquet or ORC
     */
    public byte[] content() {
        return plain().clone();
    }

    private byte[] plain() {
        return text.orElseThrow(
                () ->
                        new IllegalStateException(
                                "%s is %s and no text: rows() reads it".formatted(this, format)));
    }

    /**
     * The same as UTF-8; what is no UTF-8 becomes the sign U+FFFD.
     *
     * @throws IllegalStateException when it is Parquet or ORC
     */
    public String text() {
        return new String(plain(), StandardCharsets.UTF_8);
    }

    /**
     * Its lines, without their ends: a line feed, a carriage return, or both.
     *
     * @throws IllegalStateException when it is Parquet or ORC
     */
    public List<String> lines() {
        return text().lines().toList();
    }

    /**
     * The rows of Parquet and ORC, or the objects of JSON, with nothing, blanks or lines between
     * them. Values are Boolean, Long, BigInteger, Double, BigDecimal, String, hexadecimal digits of
     * bytes, LocalDate, Instant, List and Map, or null.
     *
     * @throws IllegalStateException when there is something else in it
     */
    public List<Map<String, Object>> rows() {
        return rows.orElseThrow(
                () ->
                        new IllegalStateException(
                                "%s has something else in it than objects of JSON: %s"
                                        .formatted(this, Description.shortened(plain()))));
    }

    /** What is in it, for people: its lines or rows, or its bytes where these are no UTF-8. */
    List<String> shown() {
        if (text.isEmpty()) {
            return rows().stream().map(String::valueOf).toList();
        }
        return Description.isUtf8(plain()) ? lines() : List.of(Description.shortened(plain()));
    }

    /** Bucket and key. */
    @Override
    public String toString() {
        return bucket + "/" + key;
    }
}
