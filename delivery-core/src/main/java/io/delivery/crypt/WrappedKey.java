package io.delivery.crypt;

import io.delivery.record.Incarnation;
import io.delivery.world.Entropy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data key as it is on the disk: encrypted with a master key, bound to its stream and its number.
 * {@code docs/formats/stream-keys.md} draws it.
 *
 * @param number of the data key
 * @param masterKey the id of the master key
 * @param sealed the nonce, the encrypted key and the tag, in base64
 */
public record WrappedKey(int number, String masterKey, String sealed) {
    private static final Pattern LINE =
            Pattern.compile("([1-9][0-9]{0,9}) ([a-zA-Z0-9_.-]{1,128}) ([a-zA-Z0-9+/]{80})");

    private static final byte[] LABEL = "delivery data key 1\0".getBytes(StandardCharsets.US_ASCII);

    /** Wraps a data key of this stream. */
    public static WrappedKey wrap(
            DataKey key, MasterKey master, Incarnation stream, Entropy entropy) {
        byte[] nonce = FileKey.randomBytes(entropy, GcmCipher.NONCE_BYTES);
        byte[] bound = bound(key.number(), stream);
        byte[] sealed =
                Arrays.copyOf(nonce, GcmCipher.NONCE_BYTES + MasterKey.BYTES + GcmCipher.TAG_BYTES);
        new GcmCipher()
                .seal(
                        master.key(),
                        nonce,
                        bound,
                        bound.length,
                        ByteBuffer.wrap(key.bytes()),
                        sealed,
                        GcmCipher.NONCE_BYTES);
        return new WrappedKey(
                key.number(), master.id(), Base64.getEncoder().encodeToString(sealed));
    }

    /**
     * Unwraps it.
     *
     * @return empty when this master key, or this stream, is not the one it was wrapped with
     */
    public Optional<DataKey> unwrap(MasterKey master, Incarnation stream) {
        byte[] bytes = Base64.getDecoder().decode(sealed);
        byte[] nonce = Arrays.copyOf(bytes, GcmCipher.NONCE_BYTES);
        byte[] bound = bound(number, stream);
        ByteBuffer rest =
                ByteBuffer.wrap(bytes, GcmCipher.NONCE_BYTES, bytes.length - GcmCipher.NONCE_BYTES);
        byte[] plain = new byte[MasterKey.BYTES];
        return new GcmCipher().open(master.key(), nonce, bound, bound.length, rest, plain, 0)
                ? Optional.of(new DataKey(number, plain))
                : Optional.empty();
    }

    /**
     * Unwraps it with the key that it names.
     *
     * @return empty when that one is not among these, or as above
     */
    public Optional<DataKey> unwrap(MasterKeys masters, Incarnation stream) {
        return masters.find(masterKey).flatMap(master -> unwrap(master, stream));
    }

    private static byte[] bound(int number, Incarnation stream) {
        return ByteBuffer.allocate(LABEL.length + Incarnation.BYTES + Integer.BYTES)
                .put(LABEL)
                .putLong(stream.high())
                .putLong(stream.low())
                .putInt(number)
                .array();
    }

    /** One line of a file. */
    public String text() {
        return "%d %s %s".formatted(number, masterKey, sealed);
    }

    /**
     * @throws IllegalArgumentException when it is none
     */
    public static WrappedKey parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a line is no wrapped key");
        }
        return new WrappedKey(
                Integer.parseInt(matcher.group(1)), matcher.group(2), matcher.group(3));
    }

    @Override
    public String toString() {
        return "WrappedKey[number=%d, masterKey=%s]".formatted(number, masterKey);
    }
}
