package io.delivery.staging;

import io.delivery.crypt.FileCipher;
import io.delivery.crypt.FileKey;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the blocks of one staged object. Used by one thread at a time. */
interface BlockReader {
    /**
     * Reads bytes of the object that lie in one block.
     *
     * @param at a multiple of {@link SealedObject#BLOCK}
     * @param size all bytes of that block
     * @return false when somebody has changed the block; what is in {@code target} is of no use
     *     then
     */
    boolean read(DiskFile file, long at, byte[] target, int size) throws IOException;

    /** Of an object that lies in its file as it is. */
    static BlockReader plain(StagedBytes staged) {
        return (file, at, target, size) -> {
            file.readFully(ByteBuffer.wrap(target, 0, size), staged.offset() + at);
            return true;
        };
    }

    /** Of an encrypted object. */
    static BlockReader sealed(StagedBytes staged, FileKey key) {
        FileCipher cipher = key.cipher();
        byte[] bound = new byte[SealedObject.BOUND_BYTES];
        byte[] sealed =
                new byte
                        [(int) Math.min(SealedObject.BLOCK, staged.length())
                                + SealedObject.BLOCK_OVERHEAD];
        return (file, at, target, size) -> {
            long block = at / SealedObject.BLOCK;
            ByteBuffer stored = ByteBuffer.wrap(sealed, 0, size + SealedObject.BLOCK_OVERHEAD);
            file.readFully(stored, staged.offset() + at + block * SealedObject.BLOCK_OVERHEAD);
            long number = stored.flip().getLong();
            SealedObject.bound(bound, staged.offset(), block);
            return cipher.open(number, bound, stored, target, 0);
        };
    }
}
