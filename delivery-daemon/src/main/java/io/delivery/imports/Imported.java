package io.delivery.imports;

import java.util.List;

/**
 * What came of an import or an export.
 *
 * @param streams how many became YAML
 * @param yaml empty when none did
 * @param findings in the order of the sources
 */
public record Imported(int streams, String yaml, List<Finding> findings) {
    public Imported {
        findings = List.copyOf(findings);
    }

    /** Whether somebody has to look before the streams run. */
    public boolean needsALook() {
        return findings.stream().anyMatch(Finding::needsALook);
    }
}
