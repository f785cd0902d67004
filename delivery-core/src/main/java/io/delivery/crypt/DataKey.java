package io.delivery.crypt;

import io.delivery.world.Entropy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A key of one stream: 256 random bits. Nothing is encrypted with it; the keys of files are made
 * from it. Immutable.
 */
public final class DataKey {
    private static final String LABEL = "delivery 1 ";

    private final int number;
    private final byte[] bytes;

    DataKey(int number, byte[] bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /**
     * Draws a key.
     *
     * @param number within its stream, above 0
     */
    public static DataKey draw(int number, Entropy entropy) {
        return new DataKey(number, FileKey.randomBytes(entropy, MasterKey.BYTES));
    }

    /**
     * Draws a key with a random number: what was encrypted with a key that is lost is never taken
     * for something that this one does not open.
     */
    public static DataKey draw(Entropy entropy) {
        int number;
        do {
            number = (int) (entropy.nextLong() >>> 33);
        } while (number == 0);
        return draw(number, entropy);
    }

    /** Within its stream: random, above 0. */
    public int number() {
        return number;
    }

    byte[] bytes() {
        return bytes;
    }

    /**
     * The key of one file: HKDF-Expand of this one, with the kind and the identity as info.
     *
     * @param identity no two files of a kind have the same
     */
    public FileKey fileKey(FileKind kind, byte[] identity) {
        byte[] label = (LABEL + kind.word + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] info =
                ByteBuffer.allocate(label.length + identity.length)
                        .put(label)
                        .put(identity)
                        .array();
        return new FileKey(Hkdf.expand(bytes, info));
    }

    @Override
    public String toString() {
        return "DataKey[number=%d]".formatted(number);
    }
}
