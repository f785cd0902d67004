package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.function.FunctionLog;
import io.delivery.function.FunctionLog.Source;
import io.delivery.testkit.ManualClock;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimScheduler;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private final ManualClock clock = new ManualClock();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final SimScheduler scheduler = new SimScheduler(clock, new SimEntropy(1));
    private final LogLines lines =
            new LogLines("f", (f, source, line) -> log.add(line), clock, scheduler);

    private void write(Source source, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        OutputReader.start("test", source, new ProcessLines(lines), Thread::new)
                .read(new ByteArrayInputStream(bytes))
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void lines_are_told_as_they_were_written_and_the_last_needs_no_line_feed() throws Exception {
        write(Source.STDOUT, "one\r\n\nthree grüße");

        assertThat(log).containsExactly("one", "", "three grüße");
    }

    @Test
    void a_long_line_is_cut_and_the_next_is_whole() throws Exception {
        write(Source.STDOUT, "x".repeat(1_000_000) + "\nnext\n");

        assertThat(log).hasSize(2);
        assertThat(log.get(0))
                .startsWith("xxx")
                .endsWith("[cut at 16 KiB]")
                .hasSizeLessThan(17_000);
        assertThat(log.get(1)).isEqualTo("next");
    }

    @Test
    void a_burst_passes_and_then_so_many_a_second_and_what_is_left_out_is_counted()
            throws Exception {
        write(Source.STDOUT, "burst\n".repeat(1500));
        assertThat(log).hasSize(1001);
        assertThat(log.get(1000)).startsWith("500 lines left out");
        log.clear();

        clock.advance(Duration.ofSeconds(2));
        write(Source.STDOUT, "later\n".repeat(300));

        assertThat(log).filteredOn(line -> line.equals("later")).hasSize(200);
        assertThat(log).filteredOn(line -> line.startsWith("100 lines left out")).hasSize(1);
    }

    @Test
    void a_log_that_takes_every_line_gets_every_line() throws Exception {
        FunctionLog all =
                new FunctionLog() {
                    @Override
                    public void line(String function, Source source, String line) {
                        log.add(line);
                    }

                    @Override
                    public boolean takesEveryLine() {
                        return true;
                    }
                };
        byte[] bytes = "burst\n".repeat(5000).getBytes(StandardCharsets.UTF_8);
        OutputReader.start(
                        "test",
                        Source.STDOUT,
                        new ProcessLines(new LogLines("f", all, clock, scheduler)),
                        Thread::new)
                .read(new ByteArrayInputStream(bytes))
                .get(60, TimeUnit.SECONDS);

        assertThat(log).hasSize(5000).containsOnly("burst");
    }

    @Test
    void the_last_line_of_stderr_is_printable_and_short_and_is_kept_when_it_is_left_out()
            throws Exception {
        write(
                Source.STDERR,
                "burst\n".repeat(1500) + "\u001b[31mred\u0007\u202e " + "z".repeat(900));
        write(Source.STDOUT, "no error\n");
        write(Source.STDERR, "\n\n");

        assertThat(lines.lastErrorLine())
                .hasValueSatisfying(
                        line -> {
                            assertThat(line).startsWith("[31mred").hasSizeLessThanOrEqualTo(300);
                            assertThat(line.codePoints()).noneMatch(Character::isISOControl);
                        });
    }

    @Test
    void there_is_no_last_line_of_stderr_before_one_was_written() {
        assertThat(lines.lastErrorLine()).isEmpty();
    }

    private void flood(int count) {
        for (int i = 0; i < count; i++) {
            lines.line(Source.STDOUT, "flood", true);
        }
    }

    private void pass(Duration time) {
        clock.advance(time);
        while (scheduler.runOne()) {
            // Until nothing is due.
        }
    }

    @Test
    void a_flood_is_told_of_once_a_second() {
        flood(10_000);
        for (int i = 0; i < 300; i++) {
            pass(Duration.ofMillis(10));
            flood(5);
        }

        assertThat(log).filteredOn(told -> told.contains("lines left out")).hasSize(3);
    }

    @Test
    void a_flood_that_nothing_follows_is_told_of_whole_a_second_later() {
        flood(1_000);
        pass(Duration.ofMillis(10));
        flood(19_000);
        assertThat(log).containsOnly("flood").hasSize(1_001);

        pass(Duration.ofSeconds(1));

        assertThat(log).hasSize(1_002);
        assertThat(log.get(1_001)).startsWith("18999 lines left out");
    }
}
