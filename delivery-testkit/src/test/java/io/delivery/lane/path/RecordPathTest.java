package io.delivery.lane.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.BufferingHints;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.Resources;
import io.delivery.lane.components.Splitters;
import io.delivery.partition.KeyExpression;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import io.delivery.record.SequencedRecord;
import io.delivery.testkit.ManualClock;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The path needs no lane, no range and no disk: what is asked here, other callers can ask, too. */
class RecordPathTest {
    private static final Failure TORN =
            new Failure(Failure.Kind.PROCESSING_FAILED, "Split.Torn", "a part ended early");
    private static final Failure NO_KEY =
            new Failure(Failure.Kind.PROCESSING_FAILED, KeyExpression.REFUSED, "no key");

    /** Parts between bars; an empty one is given up. */
    private static final class Bars implements RecordSplitter {
        @Override
        public String identity() {
            return "bars/1";
        }

        @Override
        public void split(DeliveryRecord record, PartSink parts) {
            int from = 0;
            byte[] bytes = record.toByteArray();
            for (String piece : record.toUtf8().split("\\|", -1)) {
                if (piece.isEmpty()) {
                    parts.failed(bytes, from, 0, TORN);
                } else {
                    parts.part(bytes, from, piece.length());
                }
                from += piece.length() + 1;
            }
        }
    }

    private static Map<String, String> key(DeliveryRecord record) throws RecordFailedException {
        if (!record.toUtf8().contains(":")) {
            throw new RecordFailedException(NO_KEY);
        }
        return Map.of("k", record.toUtf8().substring(0, record.toUtf8().indexOf(':')));
    }

    private static RecordPath path(
            String splitter, Optional<PartitionKeyExtractor> extractor, String prefix) {
        return new RecordPath(
                new LaneComponents(
                        Kind.MAIN,
                        1,
                        BufferingHints.DEFAULTS,
                        splitter,
                        identity -> identity.equals("bars/1") ? new Bars() : null,
                        List.of(),
                        extractor,
                        500,
                        KeyExpression.of(
                                Optional.of(prefix), Optional.of("err/"), ZoneOffset.UTC, "s", ""),
                        null,
                        Optional.empty(),
                        "lake",
                        "bucket",
                        Resources.none()),
                new ManualClock());
    }

    private static DeliveryRecord record(String text) {
        DeliveryRecord record = new DeliveryRecord();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        record.at(bytes, 0, bytes.length, 77);
        return record;
    }

    private static String fateOf(RecordPath path, int part) {
        if (path.failureOf(part) != null) {
            return "failed: " + path.failureOf(part).code();
        }
        SequencedRecord view = path.part(part);
        Fate fate = path.fate(view, PartitionKeys.NONE);
        return fate instanceof Fate.Buffered buffered
                ? view.toUtf8() + " -> " + buffered.prefix()
                : "failed: " + ((Fate.Failed) fate).failure().code();
    }

    @Test
    void each_part_of_a_record_has_a_fate_of_its_own() {
        RecordPath path =
                path("bars/1", Optional.of(RecordPathTest::key), "p=!{partitionKeyFromQuery:k}/");

        int parts = path.split("bars/1", 9, record("a:1||b:2|nothing"));

        List<String> fates = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            fates.add(fateOf(path, part));
        }
        assertThat(fates)
                .containsExactly(
                        "a:1 -> p=a/",
                        "failed: Split.Torn",
                        "b:2 -> p=b/",
                        "failed: " + KeyExpression.REFUSED);
        SequencedRecord last = path.part(3);
        assertThat(last.sequence()).isEqualTo(9);
        assertThat(last.part()).isEqualTo(3);
        assertThat(last.lastPart()).isTrue();
        assertThat(last.arrivalMillis()).isEqualTo(77);
    }

    @Test
    void parts_of_one_partition_share_one_answer() {
        RecordPath path = path(Splitters.WHOLE, Optional.empty(), "main/");

        path.split(Splitters.WHOLE, 1, record("one"));
        Fate first = path.fate(path.part(0), PartitionKeys.NONE);
        path.split(Splitters.WHOLE, 2, record("two"));

        assertThat(path.fate(path.part(0), PartitionKeys.NONE)).isSameAs(first);
    }

    @Test
    void keys_from_a_processor_and_from_a_query_go_into_one_prefix() {
        RecordPath path =
                path(
                        Splitters.WHOLE,
                        Optional.of(RecordPathTest::key),
                        "!{partitionKeyFromQuery:k}/!{partitionKeyFromLambda:f}/");
        path.split(Splitters.WHOLE, 1, record("a:1"));

        Fate fate = path.fate(path.part(0), new PartitionKeys(Map.of(), Map.of("f", "processed")));

        assertThat(((Fate.Buffered) fate).prefix()).hasToString("a/processed/");
    }

    @Test
    void a_range_is_split_by_its_own_splitter_whichever_is_in_force() {
        RecordPath path = path(Splitters.WHOLE, Optional.empty(), "main/");

        assertThat(path.split("bars/1", 1, record("a|b"))).isEqualTo(2);
        assertThat(path.split(Splitters.WHOLE, 2, record("a|b"))).isEqualTo(1);
        assertThat(path.split("bars/1", 3, record("a|b|c"))).isEqualTo(3);
    }

    @Test
    void a_splitter_that_objects_were_made_with_and_nobody_knows_is_told_by_name() {
        RecordPath path = path(Splitters.WHOLE, Optional.empty(), "main/");

        assertThatThrownBy(() -> path.split("lines/7", 1, record("a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lines/7");
    }

    /** The array is the window of the log's reader, which an idle stream would hold for ever. */
    @Test
    void a_record_that_is_forgotten_does_not_hold_its_bytes() {
        RecordPath path = path(Splitters.WHOLE, Optional.empty(), "p/");
        WeakReference<byte[]> window = settle(path);

        for (int i = 0; i < 20 && window.get() != null; i++) {
            System.gc();
        }

        assertThat(window.get()).isNull();
        assertThat(path.split(Splitters.WHOLE, 10, record("another"))).isOne();
        assertThat(path.part(0).toUtf8()).isEqualTo("another");
    }

    /** In a method of its own, so that no local variable holds the array. */
    private static WeakReference<byte[]> settle(RecordPath path) {
        byte[] window = new byte[256 << 10];
        DeliveryRecord record = new DeliveryRecord();
        record.at(window, 0, 100, 77);
        path.split(Splitters.WHOLE, 9, record);
        path.fate(path.part(0), PartitionKeys.NONE);
        path.entered(0);
        path.forget();
        return new WeakReference<>(window);
    }
}
