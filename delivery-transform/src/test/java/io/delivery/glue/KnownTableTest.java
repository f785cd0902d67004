package io.delivery.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.JsonSerDe;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import io.delivery.testkit.ManualClock;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When Glue is asked, and what is in force meanwhile. */
@Timeout(30)
class KnownTableTest {
    private static final Duration REFRESH = Duration.ofMinutes(5);
    private static final Duration STALE = Duration.ofHours(24);
    private static final KnownTable.Timing TIMING =
            new KnownTable.Timing(REFRESH, STALE, Duration.ofMillis(1));

    private final ManualClock clock = new ManualClock();
    private final SimScheduler scheduler = new SimScheduler(clock, new SimEntropy(7));
    private final List<TableName> asked = new ArrayList<>();
    private Answer answer = () -> version(1);

    /** What Glue says. */
    private interface Answer {
        TableSchema give() throws CatalogException;
    }

    private static TableSchema version(int number) {
        return new TableSchema(
                "shop",
                "orders",
                String.valueOf(number),
                List.of(new TableSchema.Column("id", Primitive.STRING)),
                List.of(),
                JsonSerDe.OpenX.DEFAULTS);
    }

    private static TableSchema away() throws CatalogException {
        throw new CatalogException(
                Reason.THROTTLED_BY_GLUE,
                List.of(new SchemaProblem(Cause.UNREADABLE, "", 0, "table", "Rate exceeded")));
    }

    private KnownTable table(String version, Executor executor) throws CatalogException {
        return table(version, TIMING, executor);
    }

    private KnownTable table(String version, KnownTable.Timing timing, Executor executor)
            throws CatalogException {
        GlueTables tables =
                new GlueTables() {
                    @Override
                    public TableSchema read(TableName name) throws CatalogException {
                        asked.add(name);
                        return answer.give();
                    }

                    @Override
                    public void close() {
                        throw new AssertionError("the catalog closes it");
                    }
                };
        return new KnownTable(
                "glue",
                TableName.of("shop", "orders", version),
                tables,
                timing,
                clock,
                new KnownTable.Threads(scheduler, executor, scheduler.serial("timeouts")));
    }

    /** Each question is answered before the caller goes on. */
    private KnownTable latest() throws CatalogException {
        return table("LATEST", Runnable::run);
    }

    private static CatalogException refusal(KnownTable table) {
        CatalogException refused = catchThrowableOfType(CatalogException.class, table::schema);
        assertThat(refused).isNotNull();
        return refused;
    }

    @Test
    void glue_hears_of_no_single_object() throws Exception {
        KnownTable table = latest();

        for (int object = 0; object < 1000; object++) {
            assertThat(table.schema().version()).isEqualTo("1");
            clock.advance(Duration.ofMillis(299));
        }

        assertThat(asked).hasSize(1);
    }

    @Test
    void a_schema_that_has_become_old_is_asked_for_again() throws Exception {
        KnownTable table = latest();
        table.schema();
        answer = () -> version(2);

        clock.advance(REFRESH.minusNanos(1));
        assertThat(table.schema().version()).isEqualTo("1");
        clock.advance(Duration.ofNanos(1));
        assertThat(table.schema().version()).isEqualTo("2");

        assertThat(asked).hasSize(2);
    }

    @Test
    void
            one_caller_at_a_time_asks_and_nobody_waits_after_one_wait_in_vain_while_a_schema_is_in_force()
                    throws Exception {
        Queue<Runnable> questions = new ArrayDeque<>();
        KnownTable table = table("LATEST", questions::add);
        assertThat(refusal(table).code()).isEqualTo("DataFormatConversion.SchemaValidationTimeout");
        questions.remove().run();
        assertThat(table.schema().version()).isEqualTo("1");

        answer = () -> version(2);
        clock.advance(REFRESH);
        for (int caller = 0; caller < 5; caller++) {
            assertThat(table.schema().version()).isEqualTo("1");
        }

        assertThat(questions).hasSize(1);
        questions.remove().run();
        assertThat(table.schema().version()).isEqualTo("2");
        assertThat(questions).isEmpty();
    }

    @Test
    void the_last_schema_stays_in_force_for_the_stated_time_and_then_nothing_is_guessed()
            throws Exception {
        KnownTable table = latest();
        table.schema();
        answer = KnownTableTest::away;

        clock.advance(STALE);
        assertThat(table.schema().version()).isEqualTo("1");
        clock.advance(Duration.ofMinutes(2));
        assertThat(refusal(table))
                .hasMessage(
                        "version 1 of shop.orders was read 24 h 2 min ago, longer than staleIfError"
                                + " (24 h 0 min): Rate exceeded")
                .extracting(CatalogException::code)
                .isEqualTo("DataFormatConversion.ThrottledByGlue");

        answer = () -> version(7);
        clock.advance(Duration.ofMinutes(1));
        assertThat(table.schema().version()).isEqualTo("7");
    }

    @Test
    void a_failure_is_answered_from_memory_until_a_pause_that_grows_is_over() throws Exception {
        KnownTable table = latest();
        answer = KnownTableTest::away;
        List<Integer> after = new ArrayList<>();

        for (int second = 0; second < 300; second++) {
            int before = asked.size();
            assertThat(refusal(table)).hasMessage("Rate exceeded");
            if (asked.size() > before) {
                after.add(second);
            }
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(after).containsExactly(0, 5, 15, 35, 75, 135, 195, 255);
    }

    @Test
    void the_pause_is_never_longer_than_refresh() throws Exception {
        KnownTable.Timing fast =
                new KnownTable.Timing(Duration.ofSeconds(2), STALE, Duration.ofMillis(1));
        answer = KnownTableTest::away;
        KnownTable table = table("", fast, Runnable::run);

        for (int second = 0; second < 20; second++) {
            refusal(table);
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(asked).hasSize(10);
    }

    @Test
    void a_glue_that_hangs_is_waited_for_once_and_again_when_it_has_answered() throws Exception {
        Duration patience = Duration.ofSeconds(1);
        Queue<Runnable> questions = new ArrayDeque<>();
        KnownTable table =
                table("", new KnownTable.Timing(REFRESH, STALE, patience), questions::add);
        long began = System.nanoTime();

        for (int attempt = 0; attempt < 20; attempt++) {
            assertThat(refusal(table)).hasMessageContaining("no answer from Glue within 1 s");
        }
        answer =
                () -> {
                    throw new CatalogException(
                            Reason.SCHEMA_VALIDATION_TIMEOUT,
                            List.of(new SchemaProblem(Cause.UNREADABLE, "", 0, "", "no answer")));
                };
        questions.remove().run();
        clock.advance(REFRESH);
        for (int attempt = 0; attempt < 20; attempt++) {
            assertThat(refusal(table)).hasMessage("no answer");
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(patience, patience.multipliedBy(10));
        answer = () -> version(3);
        questions.remove().run();
        assertThat(table.schema().version()).isEqualTo("3");
        long answered = System.nanoTime();
        clock.advance(REFRESH);
        assertThat(table.schema().version()).isEqualTo("3");
        assertThat(Duration.ofNanos(System.nanoTime() - answered))
                .as("it is waited for again")
                .isGreaterThanOrEqualTo(patience);
    }

    @Test
    void a_version_with_a_number_is_asked_for_once_and_kept_for_ever() throws Exception {
        KnownTable table = table("1", Runnable::run);
        table.schema();
        answer = KnownTableTest::away;

        clock.advance(Duration.ofDays(1000));

        assertThat(table.schema().version()).isEqualTo("1");
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_defect_is_told_as_one_and_asked_again_like_any_failure() throws Exception {
        KnownTable table = latest();
        answer =
                () -> {
                    throw new IllegalStateException("broken");
                };

        assertThat(refusal(table))
                .hasMessageContaining("broken")
                .extracting(CatalogException::code)
                .isEqualTo("DataFirehose.InternalError");
        answer = () -> version(1);
        clock.advance(Duration.ofSeconds(5));

        assertThat(table.schema().version()).isEqualTo("1");
    }

    // --- waiting without a thread ---

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Its patience is that of the simulated clock. */
    private KnownTable patient(Executor executor) throws CatalogException {
        return table("LATEST", new KnownTable.Timing(REFRESH, STALE, PATIENCE), executor);
    }

    @Test
    void a_table_that_is_due_is_ready_with_the_answer_and_known_by_it() throws Exception {
        Queue<Runnable> questions = new ArrayDeque<>();
        KnownTable table = patient(questions::add);
        CompletableFuture<Void> first = table.ready();
        assertThat(first).isNotDone();
        questions.remove().run();
        assertThat(first).isDone();
        answer = () -> version(2);
        clock.advance(REFRESH);

        CompletableFuture<Void> second = table.ready();
        assertThat(second).isNotDone();
        assertThat(table.known().version()).as("until then").isEqualTo("1");
        CompletableFuture<Void> meanwhile = table.ready();
        assertThat(meanwhile).as("who comes meanwhile").isNotDone();
        questions.remove().run();

        assertThat(second).isDone();
        assertThat(meanwhile).isDone();
        assertThat(table.known().version()).isEqualTo("2");
        assertThat(table.ready()).isDone();
        assertThat(questions).isEmpty();
    }

    @Test
    void patience_ends_without_an_answer_and_nobody_waits_before_there_is_one() throws Exception {
        Queue<Runnable> questions = new ArrayDeque<>();
        KnownTable table = patient(questions::add);

        CompletableFuture<Void> first = table.ready();
        CompletableFuture<Void> second = table.ready();
        scheduler.runFor(PATIENCE.minusNanos(1));
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        scheduler.runFor(Duration.ofNanos(1));

        assertThat(first).isDone();
        assertThat(second).isDone();
        assertThat(table.ready()).as("after a wait in vain").isDone();
        assertThat(catchThrowableOfType(CatalogException.class, table::known))
                .hasMessageContaining("no answer from Glue within 2 s");
        questions.remove().run();
        assertThat(table.known().version()).isEqualTo("1");
        clock.advance(REFRESH);
        assertThat(table.ready()).as("it is waited for again").isNotDone();
    }

    @Test
    void who_comes_later_waits_no_longer_than_the_first_and_gets_what_is_in_force()
            throws Exception {
        Queue<Runnable> questions = new ArrayDeque<>();
        KnownTable table = patient(questions::add);
        table.ready();
        questions.remove().run();
        answer = () -> version(2);
        clock.advance(REFRESH);

        CompletableFuture<Void> first = table.ready();
        scheduler.runFor(PATIENCE.minusNanos(1));
        CompletableFuture<Void> later = table.ready();
        assertThat(later).isNotDone();
        scheduler.runFor(Duration.ofNanos(1));

        assertThat(first).isDone();
        assertThat(later).isDone();
        assertThat(table.known().version()).isEqualTo("1");
        questions.remove().run();
        assertThat(table.known().version()).isEqualTo("2");
        scheduler.runFor(PATIENCE.multipliedBy(2));
        clock.advance(REFRESH);
        assertThat(table.ready()).as("no timer of before counts for it").isNotDone();
    }

    @Test
    void after_a_refusal_nobody_waits_before_the_table_is_asked_for_again() throws Exception {
        Queue<Runnable> questions = new ArrayDeque<>();
        KnownTable table = patient(questions::add);
        table.ready();
        questions.remove().run();
        answer = KnownTableTest::away;
        clock.advance(REFRESH);
        table.ready();
        questions.remove().run();

        assertThat(table.ready()).isDone();
        clock.advance(Duration.ofSeconds(5));
        CompletableFuture<Void> first = table.ready();
        CompletableFuture<Void> second = table.ready();
        assertThat(questions).hasSize(1);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        questions.remove().run();

        assertThat(first).isDone();
        assertThat(second).isDone();
        assertThat(table.known().version()).isEqualTo("1");
    }

    @Test
    void nobody_is_asked_by_who_takes_what_is_known() throws Exception {
        KnownTable table = latest();

        assertThat(catchThrowableOfType(CatalogException.class, table::known)).isNotNull();
        assertThat(asked).isEmpty();
        table.schema();
        clock.advance(REFRESH);
        assertThat(table.known().version()).isEqualTo("1");

        assertThat(asked).hasSize(1);
    }
}
