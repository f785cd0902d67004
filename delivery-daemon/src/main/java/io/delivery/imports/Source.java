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

    /** Several, one after the other. */
    static Source of(List<Source> sources) {
        List<SourceStream> streams = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (Source source : sources) {
            streams.addAll(source.streams);
            findings.addAll(source.findings);
        }
        return new Source(streams, findings);
    }

    /** A file that cannot be understood. */
    static Source refused(String place, String why) {
        return new Source(List.of(), List.of(new Finding(Finding.Kind.NOT_IMPORTED, place, why)));
    }
}
