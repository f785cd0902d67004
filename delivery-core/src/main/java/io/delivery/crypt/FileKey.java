package io.delivery.crypt;

import io.delivery.world.Entropy;
import java.nio.ByteBuffer;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key of one file, and of no other. Immutable. */
public final class FileKey {
    private final SecretKey key;

    FileKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
    }

    /** The key of a file that no other process reads: it is in memory only. */
    public static FileKey fresh(Entropy entropy) {
        return new FileKey(randomBytes(entropy, MasterKey.BYTES));
    }

    static byte[] randomBytes(Entropy entropy, int count) {
        ByteBuffer bytes = ByteBuffer.allocate((count + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
        while (bytes.hasRemaining()) {
            bytes.putLong(entropy.nextLong());
        }
        byte[] random = new byte[count];
        bytes.flip().get(random);
        return random;
    }

    /** A cipher with this key, for one thread. */
    public FileCipher cipher() {
        return new FileCipher(key);
    }

    @Override
    public String toString() {
        return "FileKey[***]";
    }
}
