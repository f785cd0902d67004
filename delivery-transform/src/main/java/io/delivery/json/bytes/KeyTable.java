package io.delivery.json.bytes;

import java.nio.charset.StandardCharsets;

/**
 * The keys of a struct by their bytes. Keys are what others send: the table holds a bounded number
 * of bounded keys, and looks at a bounded number of places for each. Not thread-safe.
 */
final class KeyTable {
    /** Longer keys are given up. */
    static final int MAX_KEY_BYTES = 10_000;

    static final int MAX_KEYS = 4096;
    private static final int MAX_REMEMBERED_BYTES = 256;
    private static final int MAX_PROBES = 16;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final StructKeys keys;
    private KnownKey[] table = new KnownKey[64];
    private int count;

    KeyTable(StructKeys keys) {
        this.keys = keys;
    }

    /** Stands before the first key of an object. It is no key of any. */
    KnownKey beforeFirst() {
        return new KnownKey(NOWHERE, "", 0, new byte[0], 0, 0);
    }

    private static final StructKeys NOWHERE =
            new StructKeys() {
                @Override
                public int field(String key) {
                    return UNDECIDED;
                }

                @Override
                public boolean mayRemember(int bytes) {
                    return false;
                }

                @Override
                public UnknownField unknown(String key) {
                    throw new IllegalStateException("no key of a record");
                }
            };

    /** The key of these bytes, which are UTF-8; a new one is remembered when there is room. */
    KnownKey find(byte[] array, int offset, int length) {
        int hash = hash(array, offset, length);
        int free = -1;
        for (int i = 0; i < MAX_PROBES; i++) {
            int place = hash + i & table.length - 1;
            KnownKey known = table[place];
            if (known == null) {
                free = place;
                break;
            }
            if (known.hash == hash && known.is(array, offset, length)) {
                return known;
            }
        }
        String name = new String(array, offset, length, StandardCharsets.UTF_8);
        KnownKey key = new KnownKey(keys, name, hash, array, offset, length);
        if (free >= 0
                && count < MAX_KEYS
                && length <= MAX_REMEMBERED_BYTES
                && keys.mayRemember(length)) {
            table[free] = key;
            key.remembered = true;
            if (++count * 2 > table.length) {
                grow();
            }
        }
        return key;
    }

    private void grow() {
        KnownKey[] old = table;
        table = new KnownKey[old.length * 2];
        count = 0;
        for (KnownKey key : old) {
            if (key != null) {
                key.remembered = hasPlaced(key);
            }
        }
    }

    private boolean hasPlaced(KnownKey key) {
        for (int i = 0; i < MAX_PROBES; i++) {
            int place = key.hash + i & table.length - 1;
            if (table[place] == null) {
                table[place] = key;
                count++;
                return true;
            }
        }
        return false;
    }

    private static int hash(byte[] array, int offset, int length) {
        long sum = length;
        int at = offset;
        int end = offset + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            sum = mixed(sum ^ (long) Input.LONG.get(array, at));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << 8 | array[at] & 0xFF;
        }
        return (int) mixed(sum ^ rest);
    }

    private static long mixed(long value) {
        long product = value * MIX;
        return product ^ product >>> 32;
    }
}
