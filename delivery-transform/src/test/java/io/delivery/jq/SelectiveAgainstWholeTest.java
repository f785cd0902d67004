package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.grammar.JqParser;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqText;
import io.delivery.record.Attempts;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Programs and records that chance makes: what a program makes of a record of which only its places
 * are read is what it makes of the whole record, and so is every failure.
 *
 * <p>{@code -Djq.records=N} reads N records; {@code -Djq.seed=N} begins with another seed. A
 * failure names its seed; with {@code -Djq.records=100} it is the only one.
 */
class SelectiveAgainstWholeTest {
    private static final int RECORDS_OF_A_QUERY = 100;
    private static final long RECORDS = Long.getLong("jq.records", 20_000);
    private static final long FIRST_SEED = Long.getLong("jq.seed", 1);

    /** Half of the records are repeated, as the names of real ones are. */
    private final List<byte[]> before = new ArrayList<>();

    private long programs;
    private long selectivePrograms;
    private long ended;
    private long endedSelective;

    @Test
    void places_alone_and_whole_records_give_the_same_for_programs_and_records_that_chance_makes()
            throws Exception {
        long queries = Math.max(1, RECORDS / RECORDS_OF_A_QUERY);

        for (long seed = FIRST_SEED; seed < FIRST_SEED + queries; seed++) {
            compare(seed);
        }

        System.out.printf(
                "%d programs from seed %d on, %d of them selective: %d records ended well, %d of"
                        + " them by their places%n",
                programs, FIRST_SEED, selectivePrograms, ended, endedSelective);
        if (queries >= 100) {
            assertThat(selectivePrograms).isGreaterThan(programs / 2);
            assertThat(endedSelective).isGreaterThan(ended / 2);
            assertThat(ended).isGreaterThan(queries * RECORDS_OF_A_QUERY / 10);
        }
    }

    private void compare(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        JqProgram program = program(random);
        long steps = random.nextInt(3) == 0 ? 1 + random.nextInt(80) : 1_000_000;
        RandomJson records = new RandomJson(random);
        Subject whole = new Subject(program, steps, Optional.empty());
        Subject always = new Subject(program, steps, Optional.of(new Attempts(Integer.MAX_VALUE)));
        Subject usual = new Subject(program, steps, Optional.of(new Attempts()));
        Budget budget = new Budget();
        Expression parsed = JqParser.parse(program.query(), budget);
        Optional<SelectiveRun<String>> selective =
                SelectiveRun.of(
                        parsed,
                        SelectiveAgainstWholeTest::printed,
                        budget,
                        new Attempts(Integer.MAX_VALUE));
        programs++;
        selectivePrograms += selective.isPresent() ? 1 : 0;
        before.clear();
        for (int i = 0; i < RECORDS_OF_A_QUERY; i++) {
            boolean isRepeated = !before.isEmpty() && random.nextBoolean();
            byte[] text = isRepeated ? before.get(random.nextInt(before.size())) : records.next();
            before.add(text);
            DeliveryRecord record = placed(random, text);
            int number = i;
            Supplier<String> what =
                    () ->
                            "seed %d, record %d, %d steps of %s on %s (%s)"
                                    .formatted(
                                            seed,
                                            number,
                                            steps,
                                            program,
                                            new String(text, StandardCharsets.UTF_8),
                                            HexFormat.of().formatHex(text));
            String right = whole.on(record);
            assertThat(always.on(record)).as(what).isEqualTo(right);
            assertThat(usual.on(record)).as(what).isEqualTo(right);
            boolean endsWell = right.startsWith("printed ");
            ended += endsWell ? 1 : 0;
            if (selective.isPresent() && isRun(selective.get(), record, steps)) {
                assertThat("printed " + selective.get().takeMade())
                        .as(what)
                        .isEqualTo(whatWasPrinted(right));
                endedSelective++;
            }
        }
    }

    private static String whatWasPrinted(String right) {
        return right.substring(0, right.indexOf("; keys "));
    }

    private static boolean isRun(SelectiveRun<String> run, DeliveryRecord record, long steps) {
        try {
            return run.on(record, steps);
        } catch (Budget.LimitExceededException beyond) {
            return false;
        }
    }

    private static JqProgram program(SplittableRandom random) {
        RandomQuery queries = new RandomQuery(random);
        while (true) {
            try {
                return JqProgram.compile(queries.next());
            } catch (JqSyntaxException another) {
                // Chance has made something that is no jq.
            }
        }
    }

    /** Somewhere in a larger array, in the middle of what others have or at its end. */
    private static DeliveryRecord placed(SplittableRandom random, byte[] record) {
        byte[] around = "\"}]{[,: 0\\\u00e9".getBytes(StandardCharsets.UTF_8);
        int offset = random.nextInt(20);
        byte[] array = new byte[offset + record.length + random.nextInt(2) * 20];
        for (int i = 0; i < array.length; i++) {
            array[i] = around[random.nextInt(around.length)];
        }
        System.arraycopy(record, 0, array, offset, record.length);
        return new DeliveryRecord().at(array, offset, record.length, 1_780_272_000_000L);
    }

    /** What is yielded, as text, and the partition keys of it. */
    private static final class Subject {
        private final List<JqLimit> limits = new ArrayList<>();
        private final JqRun<String> printed;
        private final JqKeyExtractor keys;

        Subject(JqProgram program, long steps, Optional<Attempts> attempts) {
            printed =
                    new JqRun<>(
                            program,
                            steps,
                            limits::add,
                            "code",
                            SelectiveAgainstWholeTest::printed,
                            attempts);
            keys = new JqKeyExtractor(program, steps, limits::add, attempts);
        }

        String on(DeliveryRecord record) {
            String text = on(printed, record) + "; keys ";
            try {
                // Their order is that of the program.
                text += List.copyOf(keys.extract(record).entrySet());
            } catch (RecordFailedException failed) {
                text += failed.failure();
            }
            text += limits;
            limits.clear();
            return text;
        }

        private static String on(JqRun<String> run, DeliveryRecord record) {
            try {
                return "printed " + run.on(record);
            } catch (RecordFailedException failed) {
                return failed.failure().toString();
            }
        }
    }

    private static String printed(JsonNode yielded, Budget budget) {
        return yielded == null ? "nothing" : JqText.json(yielded, budget);
    }
}
