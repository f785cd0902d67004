package io.delivery.jq;

import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.testkit.contract.PartitionKeyExtractorContract;
import java.util.List;
import java.util.Map;

class JqKeyExtractorContractTest extends PartitionKeyExtractorContract {
    private static final JqProgram PROGRAM = program();

    private static JqProgram program() {
        try {
            return JqProgram.compile("{key: .a.key, length: (.a.key | length)}");
        } catch (JqSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    protected PartitionKeyExtractor extractor() {
        return new JqKeyExtractor(PROGRAM);
    }

    @Override
    protected String record(String value) {
        return "{\"a\":{\"key\":\"" + value + "\"}}";
    }

    @Override
    protected Map<String, String> keys(String value) {
        return Map.of("key", value, "length", Integer.toString(value.length()));
    }

    @Override
    protected List<String> recordsWithoutKeys() {
        return List.of(
                "confidential",
                "{\"a\":{\"key\":\"\"},\"b\":\"confidential\"}",
                "{\"a\":{\"other\":\"confidential\"}}",
                "{\"a\":\"confidential\"}",
                "{\"a\":{\"key\":[\"confidential\"]}}",
                "{\"a\":{\"key\":\"a\"}}{\"a\":{\"key\":\"confidential\"}}",
                "[".repeat(5_000) + "confidential");
    }
}
