package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.delivery.config.DiskDivision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The sums of docs/operations.md are those of the program. */
class SizingPageTest {
    private static final Path PAGE = Path.of("../docs/operations.md");

    /** Lanes, the factor of the only stream, the factor of one beside others. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([12])[^|]*\\| ([0-9.]+) \\| ([0-9.]+) \\|$");

    private static final long DISK = 100L << 30;

    @Test
    void the_factors_from_a_journal_to_the_disk_limit_are_those_of_the_division()
            throws IOException {
        List<MatchResult> rows = ROW.matcher(Files.readString(PAGE)).results().toList();

        assertThat(rows).hasSize(2);
        for (MatchResult row : rows) {
            int lanes = Integer.parseInt(row.group(1));
            double alone = (double) DISK / DiskDivision.journalBytes(DISK, lanes);
            double besideOthers = (double) DISK / journalBesideOthers(lanes);
            assertThat(Double.parseDouble(row.group(2))).isCloseTo(alone, within(0.01));
            assertThat(Double.parseDouble(row.group(3))).isCloseTo(besideOthers, within(0.01));
        }
    }

    /** Others take nothing: what it has and half of what is free, while only its journal fills. */
    private static long journalBesideOthers(int lanes) {
        long journal = 0;
        for (long limit = 1; limit > journal; ) {
            journal = Math.max(journal, limit);
            limit = DiskDivision.journalBytes(journal + (DISK - journal) / 2, lanes);
        }
        return journal;
    }
}
