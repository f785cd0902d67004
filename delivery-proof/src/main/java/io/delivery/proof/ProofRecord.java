package io.delivery.proof;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * One record: a pure function of the seed, its stream and its id, so that nothing but ids must be
 * remembered. It carries its id and a checksum of its own content, for people with a text search.
 *
 * @param bytes as they are sent
 * @param parts what the service makes of it, in order
 */
record ProofRecord(byte[] bytes, List<Part> parts) {
    /** The id with which every part begins, also of a record that is no JSON. */
    private static final Pattern ID =
            Pattern.compile("\\A\\{\"id\":\"t(\\d{1,3})-(\\d{6,9})\",\"part\":(\\d{1,2})[,}]");

    private static final int ID_BYTES = 64;

    /**
     * What is settled on its own.
     *
     * @param bytes as they land
     * @param partition the value of its partition key; empty where nothing is partitioned
     * @param columns the values of its row, where there are rows
     * @param fate where it belongs
     */
    record Part(byte[] bytes, String partition, List<String> columns, Fate fate) {}

    /** Where a part belongs, of all places of the main lane in exactly one. */
    enum Fate {
        LANDS,
        /** Into the error output. */
        FAILS,
        /** Into the error output, with the bytes that a function has made of it. */
        FAILS_AS_MADE,
        /** Nowhere: a function drops it. */
        DROPPED,
        /** It lands or fails, as the function has answered the last time it was asked. */
        LANDS_OR_FAILS;

        boolean mayLand() {
            return this == LANDS || this == LANDS_OR_FAILS;
        }

        boolean mayFail() {
            return this == FAILS || this == FAILS_AS_MADE || this == LANDS_OR_FAILS;
        }
    }

    /** Whose record it is, and which part. */
    record Id(int thread, int number, int part) {
        @Override
        public String toString() {
            return text(thread, number) + "/" + part;
        }
    }

    static String text(int thread, int number) {
        return "t%d-%06d".formatted(thread, number);
    }

    /** The id that these bytes begin with; null when they do not. */
    static Id idOf(byte[] bytes) {
        int length = Math.min(bytes.length, ID_BYTES);
        Matcher matcher = ID.matcher(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
        return matcher.find()
                ? new Id(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)))
                : null;
    }

    static long checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }
}
