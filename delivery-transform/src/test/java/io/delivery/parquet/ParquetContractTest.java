package io.delivery.parquet;

import static io.delivery.parquet.DuckDbReader.parquet;

import io.delivery.format.EncoderFactory;
import io.delivery.format.UnknownFields;
import io.delivery.testkit.contract.EncoderFactoryContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class ParquetContractTest extends EncoderFactoryContract {
    private final EncoderFactory factory =
            Objects.factory(
                    ParquetSettings.DEFAULTS,
                    Objects.table("id bigint", "name string"),
                    UnknownFields.IGNORED);

    @TempDir private Path directory;
    private DuckDbReader duckDb;
    private int objects;

    @BeforeEach
    void open() throws Exception {
        duckDb = new DuckDbReader();
    }

    @AfterEach
    void close() throws Exception {
        duckDb.close();
    }

    @Override
    protected EncoderFactory factory() {
        return factory;
    }

    @Override
    protected String record(int number) {
        return "{\"id\":" + number + ",\"name\":\"name " + number + "\"}";
    }

    @Override
    protected String text(int number) {
        return number + "|name " + number;
    }

    @Override
    protected List<String> read(byte[] object) throws Exception {
        Path file = directory.resolve(++objects + ".parquet");
        Files.write(file, object);
        return duckDb.rows("SELECT id, name FROM " + parquet(file));
    }

    @Override
    protected Optional<String> unfit() {
        return Optional.of("{\"id\":\"no number\",\"name\":\"nobody\"}");
    }
}
