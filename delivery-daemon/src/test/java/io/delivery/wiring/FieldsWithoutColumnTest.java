package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.delivery.admin.UnknownFieldTally;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.format.UnknownFields;
import io.delivery.telemetry.PrometheusMetrics;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FieldsWithoutColumnTest {
    private static final String STREAM = "fields-without-column";

    private final Logger logger = (Logger) LoggerFactory.getLogger(FieldsWithoutColumn.class);
    private final Lines lines = new Lines();
    private final PrometheusMetrics metrics = new PrometheusMetrics();

    /** Of this test's stream. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().contains("stream=" + STREAM)) {
                seen.add(event.getFormattedMessage());
            }
        }
    }

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
    }

    @Test
    void each_name_is_told_once_and_every_field_is_counted() throws Exception {
        UnknownFields fields =
                new FieldsWithoutColumn(metrics, STREAM).under(UnknownFieldPolicy.DEFAULT);

        fields.seen("a", 2);
        fields.seen("a", 3);
        fields.seen("b.c", 1);

        assertThat(lines.seen)
                .containsExactly(
                        "the table has no column for a field, which is not written: stream="
                                + STREAM
                                + " field=a",
                        "the table has no column for a field, which is not written: stream="
                                + STREAM
                                + " field=b.c");
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        metrics.writeTo(page);
        assertThat(page.toString(StandardCharsets.UTF_8))
                .contains("delivery_unknown_fields_total{stream=\"" + STREAM + "\"} 6.0");
    }

    @Test
    void the_most_frequent_are_told_apart_and_all_others_are_one_sum() {
        FieldsWithoutColumn fields = new FieldsWithoutColumn(metrics, STREAM);
        UnknownFields seen = fields.under(UnknownFieldPolicy.DEFAULT);
        for (int i = 1; i <= 1500; i++) {
            seen.seen("field" + i, i);
        }
        seen.seen(UnknownFields.OTHERS, 7);
        seen.seen("field30", 5000);

        UnknownFieldTally tally = fields.tally();

        assertThat(tally.mostFrequent()).hasSize(20);
        assertThat(tally.mostFrequent().get(0))
                .isEqualTo(new UnknownFieldTally.Field("field30", 5030));
        assertThat(tally.mostFrequent().get(1))
                .isEqualTo(new UnknownFieldTally.Field("field1000", 1000));
        long shown = tally.mostFrequent().stream().mapToLong(UnknownFieldTally.Field::times).sum();
        assertThat(shown + tally.others()).isEqualTo(1500 * 1501 / 2 + 7 + 5000);
    }

    @Test
    void counts_are_forgotten_with_the_last_components_of_a_stream() {
        FieldsOfStreams streams = new FieldsOfStreams();
        streams.join(STREAM, metrics).under(UnknownFieldPolicy.DEFAULT).seen("a", 1);
        streams.join(STREAM, metrics).under(UnknownFieldPolicy.DEFAULT).seen("a", 1);

        streams.leave(STREAM);
        assertThat(streams.of(STREAM).orElseThrow().tally().mostFrequent())
                .containsExactly(new UnknownFieldTally.Field("a", 2));

        streams.leave(STREAM);
        assertThat(streams.of(STREAM)).isEmpty();
    }

    @Test
    void what_is_kept_is_told_as_such() {
        new FieldsWithoutColumn(metrics, STREAM)
                .under(new UnknownFieldPolicy.Keep("extras"))
                .seen("a", 1);

        assertThat(lines.seen)
                .containsExactly(
                        "the table has no column for a field, which is kept in another: stream="
                                + STREAM
                                + " field=a column=extras");
    }

    @Test
    void what_another_key_supersedes_is_never_told_as_kept() throws Exception {
        FieldsWithoutColumn fields = new FieldsWithoutColumn(metrics, STREAM);
        UnknownFields seen = fields.under(new UnknownFieldPolicy.Keep("extras"));

        seen.seen("X", 1);
        seen.superseded("X", 2);
        seen.superseded("X", 4);

        assertThat(lines.seen)
                .containsExactly(
                        "the table has no column for a field, which is kept in another: stream="
                                + STREAM
                                + " field=X column=extras",
                        "another key of the record counts in place of a field, which is not"
                                + " written: stream="
                                + STREAM
                                + " field=X");
        assertThat(fields.tally().mostFrequent())
                .containsExactly(new UnknownFieldTally.Field("X", 7));
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        metrics.writeTo(page);
        assertThat(page.toString(StandardCharsets.UTF_8))
                .contains("delivery_unknown_fields_total{stream=\"" + STREAM + "\"} 7.0");
    }

    @Test
    void names_that_never_end_are_no_flood() {
        UnknownFields fields =
                new FieldsWithoutColumn(metrics, STREAM).under(UnknownFieldPolicy.DEFAULT);

        for (int i = 0; i < 1000; i++) {
            fields.seen("field" + i, 1);
        }

        assertThat(lines.seen).hasSize(100);
    }
}
