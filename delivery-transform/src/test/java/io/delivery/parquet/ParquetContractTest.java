package io.delivery.parquet;

import static io.delivery.parquet.DuckDbReader.parquet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class ParquetContractTest extends ConvertedRowsContract {
    @TempDir private Path directory;
    private DuckDbReader duckDb;
    private int objects;

    ParquetContractTest() {
        super(new ParquetFormat(ParquetSettings.DEFAULTS));
    }

    @BeforeEach
    void open() throws Exception {
        duckDb = new DuckDbReader();
    }

    @AfterEach
    void close() throws Exception {
        duckDb.close();
    }

    @Override
    protected List<String> read(byte[] object) throws Exception {
        Path file = directory.resolve(++objects + ".parquet");
        Files.write(file, object);
        return duckDb.rows("SELECT id, name FROM " + parquet(file));
    }
}
