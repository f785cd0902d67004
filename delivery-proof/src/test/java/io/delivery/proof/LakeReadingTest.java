package io.delivery.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.proof.BrokenPromises.Kind;
import io.delivery.proof.ProofRecord.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** A proof that cannot fail proves nothing: every kind of loss is noticed. */
class LakeReadingTest {
    private static final long SEED = 3;
    private static final int ACKNOWLEDGED = 60;
    private static final int UNANSWERED = 5;

    private final BrokenPromises violations = new BrokenPromises();
    private final OracleProducer sent = new OracleProducer(ProofStream.CLICKS, 1, SEED, violations);
    private final LakeReading reading =
            new LakeReading(sent, (bytes, columns) -> List.of(), violations);

    /** What landed, by where. Lines as they are in the objects. */
    private final List<byte[]> main = new ArrayList<>();

    private final List<byte[]> errors = new ArrayList<>();
    private final List<byte[]> backup = new ArrayList<>();
    private final List<String> partitions = new ArrayList<>();

    /** Lands everything that was acknowledged, and of the call without answer all or nothing. */
    private void landed(int unanswered) {
        sent.marks(0).sent(ACKNOWLEDGED, true);
        sent.marks(0).sent(UNANSWERED, false);
        sent.unanswered(0).add(new OracleProducer.Unanswered(ACKNOWLEDGED, UNANSWERED));
        for (int number = 0; number < ACKNOWLEDGED + unanswered; number++) {
            ProofRecord record = sent.record(0, number);
            backup.add(record.bytes());
            for (Part part : record.parts()) {
                if (part.fate() == ProofRecord.Fate.FAILS) {
                    errors.add(part.bytes());
                } else {
                    main.add(part.bytes());
                    partitions.add(part.partition());
                }
            }
        }
    }

    private Map<Kind, Long> found() throws IOException {
        for (int i = 0; i < main.size(); i++) {
            reading.main("main/clicks/" + partitions.get(i) + "object-" + i, zipped(main.get(i)));
        }
        for (byte[] raw : errors) {
            String line =
                    "{\"rawData\":\"%s\"}\n".formatted(Base64.getEncoder().encodeToString(raw));
            reading.error("errors/clicks/processing-failed/object", line.getBytes(UTF_8));
        }
        for (byte[] record : backup) {
            reading.backup("backup/clicks/object", zipped(record));
        }
        reading.settle();
        return violations.counts();
    }

    private static byte[] zipped(byte[] line) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(line);
            out.write('\n');
        }
        return bytes.toByteArray();
    }

    @Test
    void everything_in_its_place_is_no_violation() throws IOException {
        landed(0);

        assertThat(found()).isEmpty();
        assertThat(reading.counts().records).isEqualTo(ACKNOWLEDGED);
        assertThat(reading.counts().mainParts + reading.counts().errorParts)
                .isEqualTo(ACKNOWLEDGED + reading.counts().split);
        assertThat(reading.counts().errorParts).isPositive();
    }

    @Test
    void a_call_without_answer_may_be_there_as_a_whole() throws IOException {
        landed(UNANSWERED);

        assertThat(found()).isEmpty();
        assertThat(reading.counts().unansweredThere).isEqualTo(UNANSWERED);
    }

    @Test
    void a_call_without_answer_must_not_be_there_in_part() throws IOException {
        landed(2);

        assertThat(found()).containsOnlyKeys(Kind.CALL_TORN);
    }

    @Test
    void a_record_that_is_nowhere_is_lost() throws IOException {
        landed(0);
        String id = "\"" + ProofRecord.text(0, 7) + "\"";
        for (int i = main.size() - 1; i >= 0; i--) {
            if (new String(main.get(i), UTF_8).contains(id)) {
                main.remove(i);
                partitions.remove(i);
            }
        }
        errors.removeIf(raw -> new String(raw, UTF_8).contains(id));
        backup.remove(7);

        assertThat(found()).containsOnly(Map.entry(Kind.LOST, 1L));
        assertThat(violations.kept())
                .containsExactly("LOST: clicks t0-000007: acknowledged, and nowhere");
    }

    @Test
    void a_part_that_is_only_in_the_backup_is_lost() throws IOException {
        landed(0);
        main.remove(0);
        partitions.remove(0);

        assertThat(found()).containsOnly(Map.entry(Kind.LOST, 1L));
    }

    @Test
    void a_record_that_is_missing_in_the_backup_is_lost() throws IOException {
        landed(0);
        backup.remove(3);

        assertThat(found()).containsOnly(Map.entry(Kind.LOST, 1L));
    }

    @Test
    void what_is_there_twice_is_found_in_every_lane() throws IOException {
        landed(0);
        main.add(main.get(0));
        partitions.add(partitions.get(0));
        errors.add(errors.get(0));
        backup.add(backup.get(0));

        assertThat(found()).containsOnly(Map.entry(Kind.TWICE, 3L));
    }

    @Test
    void a_part_in_main_and_in_the_error_output_is_found() throws IOException {
        landed(0);
        errors.add(main.get(0));

        assertThat(found()).containsOnlyKeys(Kind.MISPLACED, Kind.TWICE);
    }

    @Test
    void a_part_in_another_partition_is_found() throws IOException {
        landed(0);
        partitions.set(0, "k=elsewhere/");

        assertThat(found()).containsOnly(Map.entry(Kind.MISPLACED, 1L));
    }

    @Test
    void a_byte_that_is_not_as_sent_is_found() throws IOException {
        landed(0);
        byte[] changed = main.get(0).clone();
        changed[changed.length - 3] ^= 1;
        main.set(0, changed);

        assertThat(found()).containsKey(Kind.CHANGED);
    }

    @Test
    void what_nobody_sent_is_found() throws IOException {
        landed(0);
        main.add("{\"id\":\"t0-000999\",\"part\":0,\"sum\":1}".getBytes(UTF_8));
        partitions.add("");
        main.add("something else".getBytes(UTF_8));
        partitions.add("");

        assertThat(found()).containsOnly(Map.entry(Kind.UNKNOWN, 2L));
    }

    @Test
    void a_cut_object_is_found() throws IOException {
        landed(0);
        byte[] whole = zipped(main.remove(0));
        reading.main(
                "main/clicks/" + partitions.remove(0) + "o",
                java.util.Arrays.copyOf(whole, whole.length - 9));

        assertThat(found()).containsKeys(Kind.CHANGED, Kind.LOST);
    }
}
