package io.delivery.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.codec.StreamDescription;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.ConfigProblems.Problem;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.config.StreamDefinition;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.UnknownFieldPolicy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DescribeDeliveryStreamTest {
    private static final String ACCOUNT = "000000000000";
    private static final JsonSerDe HIVE = new JsonSerDe.Hive(List.of());

    private final CompletableFuture<JsonSerDe> table = new CompletableFuture<>();

    /** Knows how its one table is read once the test says so. */
    private final Outside outside =
            new Outside() {
                @Override
                public CompletionStage<Boolean> isMissing(String store, String bucket) {
                    throw new IllegalStateException("nothing is defined");
                }

                @Override
                public CompletionStage<Optional<String>> whyNoTable(SchemaReference asked) {
                    throw new IllegalStateException("nothing is defined");
                }

                @Override
                public CompletionStage<List<Problem>> misfits(FormatSettings.Converted format) {
                    throw new IllegalStateException("nothing is defined");
                }

                @Override
                public CompletionStage<JsonSerDe> serde(SchemaReference asked) {
                    assertThat(asked.table()).isEqualTo("t");
                    return table;
                }
            };

    private CompletableFuture<byte[]> described(FormatSettings format) {
        StreamDefinition plain = FakeStream.plain("clicks");
        StreamDefinition definition =
                new StreamDefinition(
                        plain.name(),
                        1,
                        plain.buffer(),
                        plain.transform(),
                        plain.partitioning(),
                        format,
                        plain.destination(),
                        plain.backup());
        ServiceModel model = ServiceModel.firehose();
        return new DescribeDeliveryStream(
                        FakeStream.among(outside, new FakeStream(definition)),
                        new StreamDescription("us-east-1", ACCOUNT, 0, model),
                        ACCOUNT,
                        model)
                .answer(FakeCall.of("{\"DeliveryStreamName\": \"clicks\"}"))
                .toCompletableFuture();
    }

    private static FormatSettings converted(Optional<JsonSerDe> serde) {
        return new FormatSettings.Converted(
                ColumnarSettings.Parquet.DEFAULTS,
                new SchemaReference("main", "db", "t", "LATEST"),
                new DecoderOptions(serde, UnknownFieldPolicy.DEFAULT));
    }

    /** Its caller may do everything. */
    @Test
    void the_caller_s_thread_does_not_wait_for_a_table() {
        CompletableFuture<byte[]> answer = described(converted(Optional.empty()));
        assertThat(answer).isNotDone();

        table.complete(HIVE);

        assertThat(new String(answer.join(), StandardCharsets.UTF_8)).contains("HiveJsonSerDe");
    }

    @Test
    void no_table_is_asked_where_the_stream_says_how_records_are_read_or_converts_nothing() {
        assertThat(described(converted(Optional.of(HIVE))))
                .isCompletedWithValueMatching(
                        answer -> new String(answer, StandardCharsets.UTF_8).contains("HiveJson"));
        assertThat(described(new FormatSettings.Raw(FormatSettings.Delimiter.NONE)))
                .isCompletedWithValueMatching(
                        answer -> new String(answer, StandardCharsets.UTF_8).contains("clicks"));
    }
}
