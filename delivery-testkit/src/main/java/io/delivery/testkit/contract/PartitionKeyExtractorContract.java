package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link PartitionKeyExtractor} does. */
public abstract class PartitionKeyExtractorContract {
    private static final long ARRIVAL = 77;

    /** A fresh extractor, always of the same keys. */
    protected abstract PartitionKeyExtractor extractor();

    /** A record with this value, of lower-case letters. */
    protected abstract String record(String value);

    /** What the extractor takes from {@link #record}. */
    protected abstract Map<String, String> keys(String value);

    /** Records from which it can take nothing; each of them has the word {@code confidential}. */
    protected abstract List<String> recordsWithoutKeys();

    private static Map<String, String> extract(PartitionKeyExtractor extractor, String record)
            throws RecordFailedException {
        return extract(extractor, record.getBytes(StandardCharsets.UTF_8), (byte) '9');
    }

    private static Map<String, String> extract(
            PartitionKeyExtractor extractor, byte[] record, byte around)
            throws RecordFailedException {
        Embedded embedded = Embedded.of(record, around);
        byte[] before = embedded.copyOfArray();
        try {
            return extractor.extract(embedded.record(ARRIVAL));
        } finally {
            assertThat(embedded.isStill(before)).as("the record's array is not changed").isTrue();
            embedded.overwrite();
        }
    }

    private static Failure failure(PartitionKeyExtractor extractor, String record) {
        RecordFailedException failed =
                catchThrowableOfType(RecordFailedException.class, () -> extract(extractor, record));
        assertThat(failed).as("\"%s\" has no keys", record).isNotNull();
        return failed.failure();
    }

    @Test
    protected void values_are_taken_by_name() throws RecordFailedException {
        assertThat(extract(extractor(), record("abc"))).isEqualTo(keys("abc"));
    }

    @Test
    protected void keys_are_a_function_of_the_record_alone() throws RecordFailedException {
        PartitionKeyExtractor used = extractor();
        for (int i = 0; i < 3; i++) {
            assertThat(extract(used, record("a"))).isEqualTo(keys("a"));
            assertThat(extract(used, record("bcd"))).isEqualTo(keys("bcd"));
            for (String without : recordsWithoutKeys()) {
                failure(used, without);
            }
        }
    }

    @Test
    protected void the_next_record_has_the_same_keys_after_a_rest() throws RecordFailedException {
        PartitionKeyExtractor extractor = extractor();
        for (int i = 0; i < 3; i++) {
            extractor.rest();

            assertThat(extract(extractor, record("abc"))).isEqualTo(keys("abc"));
            failure(extractor, recordsWithoutKeys().get(0));
            assertThat(extract(extractor, record("d"))).isEqualTo(keys("d"));
        }
    }

    @Test
    protected void what_was_taken_stays_what_it_is() throws RecordFailedException {
        PartitionKeyExtractor extractor = extractor();
        Map<String, String> first = extract(extractor, record("first"));

        extract(extractor, record("second"));
        failure(extractor, recordsWithoutKeys().get(0));

        assertThat(first).isEqualTo(keys("first"));
    }

    @Test
    protected void what_stands_around_a_record_is_not_looked_at() {
        byte[] whole = record("abc").getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length <= whole.length; length++) {
            byte[] record = Arrays.copyOf(whole, length);
            Optional<Map<String, String>> keys = keysOf(record, (byte) 'x');

            for (byte around : Embedded.AROUND) {
                assertThat(keysOf(record, around))
                        .as("the first %d bytes, around them: %d", length, around)
                        .isEqualTo(keys);
            }
        }
    }

    /** Empty when it has none. */
    private Optional<Map<String, String>> keysOf(byte[] record, byte around) {
        try {
            return Optional.of(extract(extractor(), record, around));
        } catch (RecordFailedException none) {
            return Optional.empty();
        }
    }

    @Test
    protected void a_record_without_keys_fails_and_the_message_has_none_of_its_contents() {
        for (String record : recordsWithoutKeys()) {
            assertThat(record).contains("confidential");

            Failure failure = failure(extractor(), record);

            assertThat(failure.kind()).isEqualTo(Failure.Kind.PROCESSING_FAILED);
            assertThat(failure.code())
                    .isEqualTo("DynamicPartitioning.MetadataExtractionFailed"); // contract §4.2
            assertThat(failure.message()).isNotBlank().doesNotContain("confidential");
        }
    }

    @Test
    protected void a_record_without_bytes_fails() {
        assertThat(failure(extractor(), "").kind()).isEqualTo(Failure.Kind.PROCESSING_FAILED);
    }

    @Test
    protected void whatever_a_record_is_it_has_keys_or_fails() throws RecordFailedException {
        Random random = new Random(42);
        PartitionKeyExtractor extractor = extractor();
        byte[] good = record("abc").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 2_000; i++) {
            byte[] record = good.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                record[random.nextInt(record.length)] =
                        Embedded.AROUND[random.nextInt(Embedded.AROUND.length)];
            }
            try {
                assertThat(extract(extractor, record, (byte) 'x')).doesNotContainValue("");
            } catch (RecordFailedException expected) {
                assertThat(expected.failure().message()).isNotBlank();
            }
        }
        assertThat(extract(extractor, record("abc"))).isEqualTo(keys("abc"));
    }

    @Test
    protected void nothing_is_not_a_record() throws RecordFailedException {
        PartitionKeyExtractor extractor = extractor();

        assertThatThrownBy(() -> extractor.extract(null)).isInstanceOf(NullPointerException.class);

        assertThat(extract(extractor, record("abc"))).isEqualTo(keys("abc"));
    }
}
