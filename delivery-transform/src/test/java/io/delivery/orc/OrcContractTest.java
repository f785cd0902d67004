package io.delivery.orc;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.format.EncoderFactory;
import io.delivery.parquet.Objects;
import io.delivery.testkit.contract.EncoderFactoryContract;
import io.delivery.testkit.orc.OrcContent;
import java.util.List;
import java.util.Optional;

class OrcContractTest extends EncoderFactoryContract {
    private final EncoderFactory factory =
            Objects.factory(new OrcFormat(Orc.DEFAULTS), Objects.table("id bigint", "name string"));

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
        try (OrcContent content = OrcContent.of(object)) {
            return content.rows().stream().map(row -> row.get(0) + "|" + row.get(1)).toList();
        }
    }

    @Override
    protected Optional<String> unfit() {
        return Optional.of("{\"id\":\"no number\",\"name\":\"nobody\"}");
    }
}
