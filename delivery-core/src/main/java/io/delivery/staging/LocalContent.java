package io.delivery.staging;

import io.delivery.crypt.DataKey;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * Staged bytes read back, a block at a time. No block leaves before it is known to be sound, as far
 * as the recorded checksum can tell: the whole object is checked while it passes, its last block
 * held back until the sum is right. Before a part is given for the first time, the whole object is
 * read once and checked, and the sum of each block kept; parts then consist of blocks that are
 * checked one by one in the very bytes that leave.
 */
final class LocalContent implements StagedContent {
    private static final int BLOCK = SealedObject.BLOCK;

    private final Disk disk;
    private final Path path;
    private final StagedBytes staged;
    private final StagingSeal seal;

    /** The sum of each block, once the whole has been found sound. */
    private int[] blockSums;

    LocalContent(Disk disk, Path path, StagedBytes staged, StagingSeal seal) {
        this.seal = seal;
        this.disk = disk;
        this.path = path;
        this.staged = staged;
    }

    @Override
    public long length() {
        return staged.length();
    }

    @Override
    public int crc32() {
        return staged.crc32();
    }

    @Override
    public InputStream open(long offset, long length) throws IOException {
        Objects.checkFromIndexSize(offset, length, staged.length());
        if (length == staged.length()) {
            BlockReader blocks = blocks();
            return new WholeStream(openFile(), blocks);
        }
        int[] sums = blockSums();
        BlockReader blocks = blocks();
        return new PartStream(openFile(), blocks, offset, length, sums);
    }

    private DiskFile openFile() throws IOException {
        DiskFile file;
        try {
            file = disk.openReadOnly(path);
        } catch (NoSuchFileException e) {
            throw damaged("is missing");
        }
        try {
            long end = staged.offset() + SealedObject.storedLength(staged);
            if (file.length() < end) {
                throw damaged("ends at " + file.length() + ", expected at least " + end);
            }
            return file;
        } catch (Throwable e) {
            file.close();
            throw e;
        }
    }

    /**
     * @throws IOException when the stream does not have the key: nothing is wrong with the bytes
     */
    private BlockReader blocks() throws IOException {
        int number = SealedObject.keyOf(staged.file());
        if (number == 0) {
            return BlockReader.plain(staged);
        }
        DataKey key = seal.keys().require(number, "staging file " + path);
        return BlockReader.sealed(staged, SealedObject.fileKey(key, seal.lane(), staged.file()));
    }

    private synchronized int[] blockSums() throws IOException {
        if (blockSums == null) {
            int[] sums = new int[Math.toIntExact((staged.length() + BLOCK - 1) / BLOCK)];
            BlockReader blocks = blocks();
            try (WholeStream whole = new WholeStream(openFile(), blocks)) {
                CRC32 sum = new CRC32();
                for (int i = 0; whole.next(); i++) {
                    sum.reset();
                    sum.update(whole.block, 0, whole.filled);
                    sums[i] = (int) sum.getValue();
                }
            }
            blockSums = sums;
        }
        return blockSums;
    }

    private DamagedStagingException damaged(String what) {
        return new DamagedStagingException("staging file " + path + " " + what);
    }

    private DamagedStagingException wrongSum() {
        return damaged(
                "does not hold the bytes recorded for the object at %d, length %d, CRC-32 %08x"
                        .formatted(staged.offset(), staged.length(), staged.crc32()));
    }

    /** Gives block by block, each after it was found sound. */
    private abstract class BlockStream extends InputStream {
        private final DiskFile file;
        private final BlockReader blocks;
        final CRC32 crc = new CRC32();
        final byte[] block = new byte[(int) Math.min(BLOCK, staged.length())];

        /** Where the next block begins within the object. */
        long nextBlock;

        int given;
        int filled;
        private boolean damaged;

        BlockStream(DiskFile file, BlockReader blocks) {
            this.file = file;
            this.blocks = blocks;
        }

        /** Makes the next block ready; false at the end of the stream. */
        final boolean next() throws IOException {
            given = 0;
            filled = 0;
            if (damaged) {
                throw wrongSum();
            }
            if (nextBlock >= end()) {
                return false;
            }
            int size = (int) Math.min(block.length, staged.length() - nextBlock);
            boolean unchanged;
            try {
                unchanged = blocks.read(file, nextBlock, block, size);
            } catch (EOFException e) {
                damaged = true;
                throw wrongSum(); // it was long enough when it was opened
            }
            crc.update(block, 0, size);
            nextBlock += size;
            if (!unchanged || !sound()) {
                damaged = true;
                throw wrongSum();
            }
            filled = size;
            trim();
            return true;
        }

        /** Where the stream ends within the object. */
        abstract long end();

        /** Whether the block just read may be given away. */
        abstract boolean sound();

        /** Leaves out what lies before or behind the part asked for. */
        abstract void trim();

        @Override
        public int read() throws IOException {
            if (given == filled && !next()) {
                return -1;
            }
            return block[given++] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
            Objects.checkFromIndexSize(from, count, target.length);
            if (count == 0) {
                return 0;
            }
            if (given == filled && !next()) {
                return -1;
            }
            int read = Math.min(count, filled - given);
            System.arraycopy(block, given, target, from, read);
            given += read;
            return read;
        }

        /** Gives each block from where it was read. */
        @Override
        public long transferTo(OutputStream target) throws IOException {
            long sum = 0;
            while (given < filled || next()) {
                target.write(block, given, filled - given);
                sum += filled - given;
                given = filled;
            }
            return sum;
        }

        @Override
        public int available() {
            return filled - given;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private final class WholeStream extends BlockStream {
        WholeStream(DiskFile file, BlockReader blocks) throws IOException {
            super(file, blocks);
            if (staged.length() == 0 && staged.crc32() != 0) {
                file.close();
                throw wrongSum(); // the sum of no bytes is 0
            }
        }

        @Override
        long end() {
            return staged.length();
        }

        @Override
        boolean sound() {
            return nextBlock < staged.length() || (int) crc.getValue() == staged.crc32();
        }

        @Override
        void trim() {}
    }

    private final class PartStream extends BlockStream {
        private final long begin;
        private final long end;
        private final int[] sums;

        PartStream(DiskFile file, BlockReader blocks, long offset, long length, int[] sums) {
            super(file, blocks);
            this.begin = offset;
            this.end = offset + length;
            this.sums = sums;
            this.nextBlock = length == 0 ? end : offset - offset % BLOCK;
        }

        @Override
        long end() {
            return end;
        }

        @Override
        boolean sound() {
            boolean sound = (int) crc.getValue() == sums[(int) ((nextBlock - 1) / BLOCK)];
            crc.reset();
            return sound;
        }

        @Override
        void trim() {
            long blockBegin = nextBlock - filled;
            given = (int) Math.max(0, begin - blockBegin);
            filled = (int) Math.min(filled, end - blockBegin);
        }
    }
}
