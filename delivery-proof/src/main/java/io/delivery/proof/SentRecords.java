package io.delivery.proof;

import java.util.Arrays;

/**
 * What is known of the records of one producer thread, four bytes each: what became of the call,
 * and where each part was found. Not thread-safe; the producer writes, and after it the reader.
 */
final class SentRecords {
    private static final int MAX_PARTS = 8;
    private static final int ERROR_SHIFT = MAX_PARTS;
    private static final int BACKUP = 1 << 2 * MAX_PARTS;
    private static final int ACKNOWLEDGED = BACKUP << 1;

    private int[] bits = new int[1024];
    private int count;

    /** How many have been sent. */
    int count() {
        return count;
    }

    void sent(int records, boolean acknowledged) {
        while (count + records > bits.length) {
            bits = Arrays.copyOf(bits, 2 * bits.length);
        }
        if (acknowledged) {
            Arrays.fill(bits, count, count + records, ACKNOWLEDGED);
        }
        count += records;
    }

    boolean acknowledged(int number) {
        return (bits[number] & ACKNOWLEDGED) != 0;
    }

    /** Whether it had not been found there before. */
    boolean foundInMain(int number, int part) {
        return set(number, 1 << part);
    }

    boolean foundInError(int number, int part) {
        return set(number, 1 << ERROR_SHIFT + part);
    }

    boolean foundInBackup(int number) {
        return set(number, BACKUP);
    }

    boolean inMain(int number, int part) {
        return (bits[number] & 1 << part) != 0;
    }

    boolean inError(int number, int part) {
        return (bits[number] & 1 << ERROR_SHIFT + part) != 0;
    }

    boolean inBackup(int number) {
        return (bits[number] & BACKUP) != 0;
    }

    private boolean set(int number, int bit) {
        boolean fresh = (bits[number] & bit) == 0;
        bits[number] |= bit;
        return fresh;
    }
}
