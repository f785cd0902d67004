package io.delivery.orc;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.parquet.ConvertedRowsContract;
import io.delivery.testkit.orc.OrcContent;
import java.util.List;

class OrcContractTest extends ConvertedRowsContract {
    OrcContractTest() {
        super(new OrcFormat(Orc.DEFAULTS));
    }

    @Override
    protected List<String> read(byte[] object) throws Exception {
        try (OrcContent content = OrcContent.of(object)) {
            return content.rows().stream().map(row -> row.get(0) + "|" + row.get(1)).toList();
        }
    }
}
