package io.delivery.watching;

import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.world.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of one setting. */
final class WatchedFiles {
    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    /** After which a use that goes on is told. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private final String setting;
    private final AsyncFileUse use;
    private final Clock clock;
    private final Metrics metrics;
    private final RepeatedFailure using;
    private final List<Path> files;
    private FileContents inForce;
    private FileContents seen;
    private volatile String trouble = "";

    /** The use that is under way; null when none is. */
    private CompletableFuture<?> underWay;

    /** What was in the files when it began, and when that was. */
    private FileContents begunWith;

    private long begunNanos;

    WatchedFiles(
            String setting, FileContents inForce, AsyncFileUse use, Clock clock, Metrics metrics) {
        this.setting = setting;
        this.use = use;
        this.clock = clock;
        this.metrics = metrics;
        this.files = inForce.files();
        this.inForce = inForce;
        this.seen = inForce;
        this.using =
                RepeatedFailure.of(log, "using changed files", clock::nanoTime, "setting", setting);
    }

    String setting() {
        return setting;
    }

    /** One look; by one thread at a time. */
    void look() {
        if (underWay != null) {
            ended();
            return;
        }
        FileContents now = FileContents.of(files);
        boolean settled = now.equals(seen);
        seen = now;
        if (now.equals(inForce)) {
            works();
        } else if (settled) {
            tryToUse(now);
        }
    }

    private void tryToUse(FileContents now) {
        if (!now.unreadable().isEmpty()) {
            fails(now.unreadable());
            return;
        }
        begunWith = now;
        begunNanos = clock.nanoTime();
        try {
            underWay = use.begin().toCompletableFuture();
        } catch (Throwable defect) { // also errors: other files are looked at behind these
            underWay = CompletableFuture.failedFuture(defect);
        }
        ended();
    }

    /** Takes the result of what is under way, if there is one. */
    private void ended() {
        if (!underWay.isDone()) {
            if (clock.nanoTime() - begunNanos > LONG.toNanos()) {
                fails("what brings them into force has not ended yet, for more than 60 s");
            }
            return;
        }
        CompletableFuture<?> result = underWay;
        underWay = null;
        try {
            result.join();
        } catch (CompletionException | CancellationException refused) {
            inForce = inForce.inDoubt(); // when the former ones come back they are used again
            fails(FailureText.of(refused));
            return;
        }
        FileContents after = FileContents.of(files);
        if (!after.equals(begunWith)) {
            // Nobody knows which of the two was read.
            inForce = inForce.inDoubt();
            seen = after;
            return;
        }
        inForce = begunWith;
        works();
        metrics.add(Metric.RELOADED_FILES, "", setting, 1);
        log.info("changed files are in force: setting={}", setting);
    }

    private void works() {
        trouble = "";
        using.worked();
    }

    private void fails(String why) {
        trouble =
                "%s: changed files are not in force, the former contents count: %s"
                        .formatted(setting, why);
        using.failed(why);
    }

    /** Why changed files are not in force; empty when there are none. */
    String trouble() {
        return trouble;
    }
}
