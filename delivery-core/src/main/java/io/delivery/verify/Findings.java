package io.delivery.verify;

import io.delivery.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was found: all of it counted, the first of each kind kept. */
public final class Findings {
    /** Kept of each kind: a bucket that somebody emptied must not fill the memory. */
    static final int KEPT = 1000;

    private final List<Finding> kept = new ArrayList<>();
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    void add(Finding finding) {
        if (counts.merge(finding.kind(), 1L, Long::sum) <= KEPT) {
            kept.add(finding);
        }
    }

    void addAll(Findings others) {
        others.kept.forEach(this::add);
        others.counts.forEach(
                (kind, count) -> {
                    long unkept = count - Math.min(count, KEPT);
                    counts.merge(kind, unkept, Long::sum);
                });
    }

    /** In the order in which they were found; the first thousand of each kind. */
    public List<Finding> kept() {
        return List.copyOf(kept);
    }

    public long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    public boolean none() {
        return kept.isEmpty();
    }

    /** Whether nothing was found that is not as it was recorded. */
    public boolean onlyWarnings() {
        return counts.keySet().stream().allMatch(Kind::isWarning);
    }

    /** Whether objects are missing, and nothing else is not as it was recorded. */
    public boolean onlyMissing() {
        return count(Kind.MISSING) > 0
                && counts.keySet().stream()
                        .allMatch(kind -> kind == Kind.MISSING || kind.isWarning());
    }
}
