package io.delivery.split;

import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import java.util.Base64;

/**
 * Splits a record at a delimiter, which is found from left to right without overlaps and removed.
 *
 * <p>Empty pieces are dropped: a delimiter in front, two in a row or one at the end make no empty
 * record. A record goes on as one part, unchanged, when it has no delimiter, nothing but
 * delimiters, or more than 500 pieces that are not empty.
 */
public final class DelimitedSplitter implements RecordSplitter {
    /** Name and code version; the base64 of the delimiter follows. */
    public static final String IDENTITY = "delimited/1:";

    private final byte[] delimiter;

    /**
     * For each length of a matched beginning of the delimiter: the length of the longest shorter
     * beginning that it ends with (Knuth, Morris, Pratt). A hostile record costs no more than any
     * other, whatever the delimiter.
     */
    private final int[] fallback;

    private final String identity;
    private final Pieces pieces = new Pieces();

    /**
     * @param delimiter its bytes, copied
     * @throws IllegalArgumentException when it is empty
     */
    public DelimitedSplitter(byte[] delimiter) {
        if (delimiter.length == 0) {
            throw new IllegalArgumentException("a delimiter has at least one byte");
        }
        this.delimiter = delimiter.clone();
        this.fallback = fallback(this.delimiter);
        this.identity = IDENTITY + Base64.getEncoder().encodeToString(delimiter);
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public void split(DeliveryRecord record, PartSink parts) {
        pieces.clear();
        if (findPieces(record) && !pieces.isEmpty()) {
            pieces.give(record, parts);
        } else {
            parts.part(record.array(), record.offset(), record.length());
        }
    }

    /** Whether the record has at most 500 pieces. */
    private boolean findPieces(DeliveryRecord record) {
        byte[] bytes = record.array();
        int end = record.offset() + record.length();
        int begin = record.offset();
        int matched = 0;
        for (int at = begin; at < end; at++) {
            byte b = bytes[at];
            while (matched > 0 && delimiter[matched] != b) {
                matched = fallback[matched];
            }
            if (delimiter[matched] == b) {
                matched++;
            }
            if (matched == delimiter.length) {
                if (!addUnlessEmpty(begin, at + 1 - delimiter.length)) {
                    return false;
                }
                begin = at + 1;
                matched = 0;
            }
        }
        return addUnlessEmpty(begin, end);
    }

    private boolean addUnlessEmpty(int begin, int end) {
        return begin == end || pieces.add(begin, end);
    }

    private static int[] fallback(byte[] delimiter) {
        int[] fallback = new int[delimiter.length];
        int matched = 0;
        for (int at = 1; at < delimiter.length - 1; at++) {
            while (matched > 0 && delimiter[matched] != delimiter[at]) {
                matched = fallback[matched];
            }
            if (delimiter[matched] == delimiter[at]) {
                matched++;
            }
            fallback[at + 1] = matched;
        }
        return fallback;
    }
}
