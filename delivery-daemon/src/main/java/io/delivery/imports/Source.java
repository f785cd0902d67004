package io.delivery.imports;

import java.util.ArrayList;
import java.util.List;

/**
 * What one file says.
 *
 * @param streams in the order of the file
 * @param findings of the file itself
 */
record Source(List<SourceStream> streams, List<Finding> findings) {
    Source {
        streams = List.copyOf(streams);
        findings = List.copyOf(findings);
    }

    /** This one, and then another. */
    Source and(Source next) {
        List<SourceStream> all = new ArrayList<>(streams);
        all.addAll(next.streams);
        List<Finding> told = new ArrayList<>(findings);
        told.addAll(next.findings);
        return new Source(all, told);
    }

    /** A file that cannot be understood. */
    static Source refused(String place, String why) {
        return new Source(List.of(), List.of(new Finding(Finding.Kind.NOT_IMPORTED, place, why)));
    }
}
