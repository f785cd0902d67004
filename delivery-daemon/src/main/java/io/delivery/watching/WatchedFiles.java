package io.delivery.watching;

import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.world.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of one setting. */
final class WatchedFiles {
    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private final String setting;
    private final FileUse use;
    private final Metrics metrics;
    private final RepeatedFailure using;
    private final List<Path> files;
    private FileContents inForce;
    private FileContents seen;
    private volatile String trouble = "";

    WatchedFiles(String setting, FileContents inForce, FileUse use, Clock clock, Metrics metrics) {
        this.setting = setting;
        this.use = use;
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
        try {
            use.use();
        } catch (IOException | RuntimeException refused) {
            inForce = inForce.inDoubt(); // when the former ones come back they are used again
            fails(FailureText.of(refused));
            return;
        }
        FileContents after = FileContents.of(files);
        if (!after.equals(now)) {
            // Nobody knows which of the two was read.
            inForce = inForce.inDoubt();
            seen = after;
            return;
        }
        inForce = now;
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
