package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.failure.ToldLines;
import io.delivery.landing.LandingTask.Before;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.metrics.Metrics;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import io.delivery.testkit.MemoryStore.Fate;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.SimWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the log says of landings. Here and not beside the others: it needs a real log. */
class LandingsToldTest {
    private static final String STREAM = "landings-told";

    @RegisterExtension final ToldLines told = new ToldLines(Landings.class, "stream=" + STREAM);

    private final SimWorld sim = SimWorld.seeded(11);
    private final Landings landings = new Landings(sim.world(), Metrics.NONE, 2);
    private final LandingTask.Listener nobody = new Nobody();

    private static final class Nobody implements LandingTask.Listener {
        @Override
        public void landed(ObjectRecord object, String said) {}

        @Override
        public void stranger(ObjectRecord object, String seen) {}

        @Override
        public void damaged(ObjectRecord object, String reason) {}

        @Override
        public void keyRefused(ObjectRecord object, String said) {}

        @Override
        public void doubt(ObjectRecord object, String said) {}

        @Override
        public void uploadStarted(ObjectRecord object, String uploadId) {}

        @Override
        public void trouble(String bucket, String text) {}
    }

    private static ObjectRecord object(String key) {
        SampleContent content = SampleContent.of(key);
        return new ObjectRecord(
                0,
                key.hashCode(),
                Kind.MAIN,
                1,
                "",
                "lake",
                new ObjectName("b", key),
                new ObjectAttributes("mark of " + key, 1, ""),
                new StagedBytes("f", 0, content.length(), content.crc32()),
                1,
                new SequenceList.Builder().build());
    }

    private void land(String key) {
        landings.start(
                new LandingTask(
                        STREAM,
                        sim.store(),
                        object(key),
                        SampleContent.of(key),
                        Before.NOTHING_WAS_SENT,
                        sim.scheduler().serial("owner"),
                        nobody));
    }

    private void pass(Duration time) {
        sim.scheduler().runFor(time);
    }

    private List<String> told() {
        return told.lines().stream().map(line -> line.substring(0, line.indexOf(':'))).toList();
    }

    @Test
    void it_is_told_when_a_bucket_works_again() {
        sim.store().next(Fate.DENIED);
        land("a");
        pass(Duration.ofMinutes(5));

        assertThat(told()).containsExactly("landing fails", "landing works again");
    }

    @Test
    void it_is_told_when_nothing_is_left_to_land_where_it_failed() {
        sim.store().weather(Fate.DENIED, 1);
        land("a");
        pass(Duration.ofSeconds(30));
        landings.giveUp(STREAM, object("a"), nobody, Diversion.Looks.MUST_NOT_SEE_IT);
        pass(Duration.ofMinutes(5));

        assertThat(told()).containsExactly("landing fails", "landing is not tried any more");
        assertThat(sim.scheduler().timers()).as("nothing is remembered of it").isZero();
    }
}
