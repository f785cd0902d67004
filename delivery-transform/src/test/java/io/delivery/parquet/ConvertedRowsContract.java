package io.delivery.parquet;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RowFormat;
import io.delivery.testkit.contract.EncoderFactoryContract;
import java.util.Optional;

/** What every file format of rows does with the same records of the same table. */
public abstract class ConvertedRowsContract extends EncoderFactoryContract {
    private final EncoderFactory factory;

    /** A file has the columns id and name; its rows are read as {@code id|name}. */
    protected ConvertedRowsContract(RowFormat format) {
        factory = Objects.factory(format, Objects.table("id bigint", "name string"));
    }

    @Override
    protected final EncoderFactory factory() {
        return factory;
    }

    @Override
    protected final String record(int number) {
        return "{\"id\":" + number + ",\"name\":\"name " + number + "\"}";
    }

    @Override
    protected final String text(int number) {
        return number + "|name " + number;
    }

    @Override
    protected final Optional<String> unfit() {
        return Optional.of("{\"id\":\"no number\",\"name\":\"nobody\"}");
    }
}
