package io.delivery.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.proof.BrokenPromises.Kind;
import io.delivery.proof.ProofRecord.Fate;
import io.delivery.proof.ProofRecord.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What a function may do to records, and what it is not allowed to be an excuse for. */
class FunctionReadingTest {
    private static final int ACKNOWLEDGED = 800;
    private static final String NONCE = "b0123456789abcde";
    private static final String SHARD = "s=2/"; // 0xb modulo 3

    private final BrokenPromises violations = new BrokenPromises();
    private final OracleProducer sent = new OracleProducer(ProofStream.FUNCTIONS, 1, 5, violations);
    private final LakeReading reading =
            new LakeReading(sent, (bytes, columns) -> List.of(row(bytes)), violations);

    private final List<Row> main = new ArrayList<>();
    private final List<byte[]> errors = new ArrayList<>();
    private final List<byte[]> backup = new ArrayList<>();

    /** A row in an object of its own. */
    private record Row(String folder, List<String> values) {}

    /** In this test a file of Parquet is its row, a value on each line. */
    private static List<String> row(byte[] file) {
        return List.of(new String(file, UTF_8).split("\n", -1));
    }

    private int first(Fate fate) {
        for (int number = 0; number < ACKNOWLEDGED; number++) {
            if (part(number).fate() == fate) {
                return number;
            }
        }
        throw new AssertionError("there is no " + fate);
    }

    private Part part(int number) {
        return sent.record(0, number).parts().get(0);
    }

    private static List<String> made(Part part, String nonce) {
        List<String> values = new ArrayList<>(part.columns());
        values.add(nonce);
        return values;
    }

    private static byte[] withNonce(byte[] bytes) {
        String text = new String(bytes, 0, bytes.length - 1, UTF_8);
        return "%s,\"nonce\":\"%s\"}".formatted(text, NONCE).getBytes(UTF_8);
    }

    /** Lands everything; of those that may do both, every second one fails. */
    private void landed() {
        sent.marks(0).sent(ACKNOWLEDGED, true);
        for (int number = 0; number < ACKNOWLEDGED; number++) {
            Part part = part(number);
            backup.add(part.bytes());
            boolean fails = number % 2 == 0;
            switch (part.fate()) {
                case LANDS -> land(part);
                case FAILS -> errors.add(part.bytes());
                case FAILS_AS_MADE -> errors.add(withNonce(part.bytes()));
                case DROPPED -> {}
                case LANDS_OR_FAILS -> {
                    if (fails) {
                        errors.add(part.bytes());
                    } else {
                        land(part);
                    }
                }
            }
        }
    }

    private void land(Part part) {
        main.add(new Row(part.partition() + SHARD, made(part, NONCE)));
    }

    private void forget(int number) {
        Part part = part(number);
        main.removeIf(row -> row.values().get(0).equals(part.columns().get(0)));
        errors.removeIf(raw -> Arrays.equals(raw, part.bytes()));
    }

    private Map<Kind, Long> found() throws IOException {
        for (Row row : main) {
            reading.main(
                    "main/functions/" + row.folder() + "object",
                    String.join("\n", row.values()).getBytes(UTF_8));
        }
        for (byte[] raw : errors) {
            String line =
                    "{\"rawData\":\"%s\"}\n".formatted(Base64.getEncoder().encodeToString(raw));
            reading.error("errors/functions/any/object", line.getBytes(UTF_8));
        }
        for (byte[] record : backup) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                out.write(record);
                out.write('\n');
            }
            reading.backup("backup/functions/object", bytes.toByteArray());
        }
        reading.settle();
        return violations.counts();
    }

    @Test
    void what_a_function_keeps_fails_and_drops_is_in_its_place() throws IOException {
        landed();

        assertThat(found()).isEmpty();
        assertThat(reading.counts().droppedParts).isPositive();
        assertThat(reading.counts().mainParts + reading.counts().errorParts)
                .isEqualTo(ACKNOWLEDGED - reading.counts().droppedParts);
    }

    @Test
    void a_record_that_once_landed_and_once_failed_is_there_twice() throws IOException {
        landed();
        int wavering = first(Fate.LANDS_OR_FAILS);
        forget(wavering);
        land(part(wavering));
        errors.add(part(wavering).bytes());

        assertThat(found()).containsOnly(Map.entry(Kind.TWICE, 1L));
    }

    @Test
    void a_record_that_may_land_or_fail_must_do_one_of_both() throws IOException {
        landed();
        forget(first(Fate.LANDS_OR_FAILS));

        assertThat(found()).containsOnly(Map.entry(Kind.LOST, 1L));
    }

    @Test
    void a_record_that_is_kept_is_not_dropped() throws IOException {
        landed();
        forget(first(Fate.LANDS));

        assertThat(found()).containsOnly(Map.entry(Kind.LOST, 1L));
    }

    @Test
    void a_record_that_landed_although_it_was_dropped_is_found() throws IOException {
        landed();
        land(part(first(Fate.DROPPED)));

        assertThat(found()).containsOnly(Map.entry(Kind.MISPLACED, 1L));
    }

    @Test
    void a_dropped_record_that_is_not_in_the_backup_is_lost() throws IOException {
        landed();
        byte[] dropped = part(first(Fate.DROPPED)).bytes();
        backup.removeIf(record -> record == dropped || Arrays.equals(record, dropped));

        assertThat(found()).containsOnly(Map.entry(Kind.LOST, 1L));
    }

    @Test
    void bytes_of_one_answer_below_the_key_of_another_are_found() throws IOException {
        landed();
        Row row = main.remove(0);
        main.add(new Row(row.folder().replace(SHARD, "s=1/"), row.values()));

        assertThat(found()).containsOnly(Map.entry(Kind.MISPLACED, 1L));
    }

    @Test
    void a_record_that_no_function_has_seen_is_found() throws IOException {
        landed();
        Part part = part(first(Fate.LANDS));
        forget(first(Fate.LANDS));
        main.add(new Row(part.partition() + SHARD, made(part, "null")));

        assertThat(found()).containsOnly(Map.entry(Kind.CHANGED, 1L), Map.entry(Kind.LOST, 1L));
    }

    @Test
    void a_record_that_fails_in_the_function_is_kept_as_it_was_sent() throws IOException {
        landed();
        Part part = part(first(Fate.FAILS));
        forget(first(Fate.FAILS));
        errors.add(withNonce(part.bytes()));

        assertThat(found()).containsOnly(Map.entry(Kind.CHANGED, 1L), Map.entry(Kind.LOST, 1L));
    }
}
