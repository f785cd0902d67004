package io.delivery.split;

import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;

/**
 * Splits consecutive JSON objects, one after the other or one per line. White space before, between
 * and behind them is removed (Firehose developer guide, {@code SubRecordType=JSON}).
 *
 * <p>Only braces outside of strings are counted, to any depth; what is between them is not checked.
 * So a malformed object among good ones is a part of its own, which fails on its own further on.
 *
 * <p>A record goes on as one part, unchanged, when it is anything but such a sequence: empty, white
 * space only, a JSON array (never split) or scalar, text with a byte order mark, objects with
 * something else before, between (a comma) or behind them, an object or string that does not end,
 * or more than 500 objects.
 */
public final class JsonSplitter implements RecordSplitter {
    /** Name and code version. */
    public static final String IDENTITY = "json/1";

    private final Pieces objects = new Pieces();

    @Override
    public String identity() {
        return IDENTITY;
    }

    @Override
    public void split(DeliveryRecord record, PartSink parts) {
        objects.clear();
        if (findObjects(record) && !objects.isEmpty()) {
            objects.give(record, parts);
        } else {
            parts.part(record.array(), record.offset(), record.length());
        }
    }

    /** Whether the record is nothing but at most 500 objects and white space. */
    private boolean findObjects(DeliveryRecord record) {
        byte[] bytes = record.array();
        int end = record.offset() + record.length();
        int at = skipWhiteSpace(bytes, record.offset(), end);
        while (at < end) {
            int behind = bytes[at] == '{' ? endOfObject(bytes, at, end) : -1;
            if (behind < 0 || !objects.add(at, behind)) {
                return false;
            }
            at = skipWhiteSpace(bytes, behind, end);
        }
        return true;
    }

    private static int skipWhiteSpace(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && isWhiteSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    /** White space of RFC 8259, section 2. */
    private static boolean isWhiteSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** The place behind the brace that closes the one at {@code from}; -1 when there is none. */
    private static int endOfObject(byte[] bytes, int from, int end) {
        int depth = 0;
        for (int at = from; at < end; at++) {
            switch (bytes[at]) {
                case '{' -> depth++;
                case '}' -> {
                    depth--;
                    if (depth == 0) {
                        return at + 1;
                    }
                }
                case '"' -> {
                    at = closingQuote(bytes, at + 1, end);
                    if (at < 0) {
                        return -1;
                    }
                }
                default -> {}
            }
        }
        return -1;
    }

    /** No byte of a multi-byte UTF-8 sequence looks like a quote or a backslash. */
    private static int closingQuote(byte[] bytes, int from, int end) {
        for (int at = from; at < end; at++) {
            byte b = bytes[at];
            if (b == '"') {
                return at;
            }
            if (b == '\\') {
                at++;
            }
        }
        return -1;
    }
}
