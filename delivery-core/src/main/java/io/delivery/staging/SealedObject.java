package io.delivery.staging;

import io.delivery.crypt.DataKey;
import io.delivery.crypt.FileCipher;
import io.delivery.crypt.FileKey;
import io.delivery.crypt.FileKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an encrypted object lies in a staging file: {@code docs/formats/staging.md}. Its bytes are
 * cut into blocks; each block on the disk is its number within the file, the encrypted bytes and
 * the tag. The file's name tells which data key it is encrypted with.
 */
public final class SealedObject {
    /** Bytes of an object in each of its blocks but the last. */
    static final int BLOCK = 64 << 10;

    /** Bytes on the disk that a block takes beside those of the object. */
    static final int BLOCK_OVERHEAD = Long.BYTES + FileCipher.TAG_BYTES;

    private static final Pattern NAME = Pattern.compile(".*-k([1-9][0-9]{0,9})");

    private SealedObject() {}

    /** The name of an encrypted file. */
    static String fileName(String name, DataKey key) {
        return name + "-k" + key.number();
    }

    /** The number of the data key of this file; 0 when it is not encrypted. */
    public static int keyOf(String file) {
        if (!file.contains("-k")) {
            return 0; // asked for each object: most have none
        }
        Matcher matcher = NAME.matcher(file);
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        return number <= Integer.MAX_VALUE ? (int) number : 0;
    }

    /**
     * The key of a staging file: no two files of a lane ever have one name.
     *
     * @param lane its name
     */
    static FileKey fileKey(DataKey key, String lane, String file) {
        byte[] identity = (lane + "/" + file).getBytes(StandardCharsets.UTF_8);
        return key.fileKey(FileKind.STAGING, identity);
    }

    /** Bytes that an object takes in its file. */
    public static long storedLength(StagedBytes staged) {
        if (keyOf(staged.file()) == 0) {
            return staged.length();
        }
        long blocks = (staged.length() + BLOCK - 1) / BLOCK;
        return Math.addExact(staged.length(), Math.multiplyExact(blocks, BLOCK_OVERHEAD));
    }

    /** What a block is bound to: where its object begins in the file, and which block it is. */
    static void bound(byte[] target, long objectBegin, long block) {
        ByteBuffer.wrap(target).putLong(objectBegin).putLong(block);
    }

    /** Bytes of {@link #bound}. */
    static final int BOUND_BYTES = 2 * Long.BYTES;
}
