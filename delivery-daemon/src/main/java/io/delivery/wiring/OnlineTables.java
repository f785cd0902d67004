package io.delivery.wiring;

import io.delivery.config.CatalogSettings;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.format.CatalogException;
import io.delivery.format.TableSchema;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.machine.Machine;
import io.delivery.record.Amount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks catalogs that are elsewhere for the tables that streams name. */
final class OnlineTables {
    private OnlineTables() {}

    /** By catalog, in the order of the file; catalogs that are folders are read without it. */
    static Map<String, List<Finding>> probe(DeliveryConfig config) {
        Map<String, List<Finding>> findings = new LinkedHashMap<>();
        try (Machine machine = new Machine();
                OpenCatalogs catalogs = new OpenCatalogs(machine.world())) {
            for (CatalogSettings catalog : config.catalogs()) {
                List<SchemaReference> tables =
                        catalog.definition()
                                .choose(files -> List.of(), glue -> tables(config, catalog));
                List<Finding> found = new ArrayList<>();
                for (SchemaReference table : tables) {
                    if (!catalogs.isSilent(catalog)) {
                        found.add(finding(catalogs, catalog, table));
                    }
                }
                if (!found.isEmpty()) {
                    findings.put("catalogs." + catalog.name(), found);
                }
            }
        }
        return findings;
    }

    private static List<SchemaReference> tables(DeliveryConfig config, CatalogSettings catalog) {
        return config.streams().stream()
                .flatMap(stream -> stream.format().schemaReference().stream())
                .filter(schema -> schema.catalog().equals(catalog.name()))
                .distinct()
                .toList();
    }

    private static Finding finding(
            OpenCatalogs catalogs, CatalogSettings catalog, SchemaReference table) {
        String subject =
                "reading %s.%s (version %s)"
                        .formatted(table.database(), table.table(), table.version());
        try {
            TableSchema read = catalogs.read(catalog, table);
            return new Finding(
                    Verdict.HONOURED,
                    subject,
                    "version %s with %s and %s"
                            .formatted(
                                    read.version(),
                                    Amount.of(read.columns().size(), "column"),
                                    Amount.of(read.partitionColumns().size(), "partition column")),
                    "");
        } catch (CatalogException refused) {
            return new Finding(Verdict.REFUSED, subject, refused.getMessage(), "");
        }
    }
}
