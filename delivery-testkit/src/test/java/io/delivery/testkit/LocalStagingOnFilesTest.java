package io.delivery.testkit;

import io.delivery.machine.FileDisk;
import io.delivery.staging.LocalStaging;
import io.delivery.staging.Staging;
import io.delivery.testkit.contract.StagingContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class LocalStagingOnFilesTest extends StagingContract {
    @TempDir private Path lane;
    private Path directory;
    private Staging staging;

    @BeforeEach
    void open() throws IOException {
        directory = lane.resolve("staging");
        staging = LocalStaging.open(directory, new FileDisk(), 0x5a17L);
    }

    @Override
    protected Staging staging() {
        return staging;
    }

    @Override
    protected void flipBit(String file, long bit) throws IOException {
        try (RandomAccessFile bytes =
                new RandomAccessFile(directory.resolve(file).toFile(), "rw")) {
            bytes.seek(bit / 8);
            int before = bytes.read();
            bytes.seek(bit / 8);
            bytes.write(before ^ 1 << bit % 8);
        }
    }

    @Override
    protected void cut(String file, long length) throws IOException {
        try (RandomAccessFile bytes =
                new RandomAccessFile(directory.resolve(file).toFile(), "rw")) {
            bytes.setLength(length);
        }
    }
}
