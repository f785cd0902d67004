package io.delivery.crypt;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The data keys of one stream, as those who write and read its files see them. Thread-safe; looking
 * takes no lock.
 */
public final class StreamKeys {
    private volatile Map<Integer, DataKey> known = Map.of();
    private volatile DataKey current;
    private volatile boolean missed;

    /** Of a stream that was never encrypted, until a key is added. */
    public static StreamKeys none() {
        return new StreamKeys();
    }

    /** What is written now is encrypted with this key; null when it is not encrypted. */
    public DataKey current() {
        return current;
    }

    /** The key of this number; null when the stream does not have it. */
    public DataKey find(int number) {
        DataKey key = known.get(number);
        if (key == null) {
            missed = true;
        }
        return key;
    }

    /**
     * The key of this number, which something is encrypted with.
     *
     * @param what a text that names it, for the message
     * @throws IOException when the stream does not have the key: nothing is wrong with what is
     *     encrypted
     */
    public DataKey require(int number, String what) throws IOException {
        DataKey key = find(number);
        if (key == null) {
            throw new IOException(
                    "%s is encrypted with key %d of its stream, which the stream's file keys does not have: put the file back that has it"
                            .formatted(what, number));
        }
        return key;
    }

    /** Whether the stream has the key of this number. */
    public boolean has(int number) {
        return known.containsKey(number);
    }

    /**
     * Whether somebody has looked for a key that is not here since this was asked before: its file
     * may have it by now.
     */
    public boolean takeMissed() {
        boolean was = missed;
        if (was) {
            missed = false;
        }
        return was;
    }

    /** Whether the stream has any key. */
    public boolean any() {
        return !known.isEmpty();
    }

    /** Makes a key known for reading. */
    public synchronized void add(DataKey key) {
        Map<Integer, DataKey> more = new HashMap<>(known);
        more.put(key.number(), key);
        known = Map.copyOf(more);
    }

    /**
     * What is written from now on is encrypted with this key.
     *
     * @param key durable by now: what it encrypts could not be read otherwise
     */
    public synchronized void encryptWith(DataKey key) {
        add(key);
        current = key;
    }

    /** What is written from now on is not encrypted. */
    public synchronized void encryptNoMore() {
        current = null;
    }
}
