package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.config.CatalogDefinition;
import io.delivery.config.CatalogSettings;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.config.StreamDefinition;
import io.delivery.imports.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Whether the catalog that a stream reads its table from is the one that the request names: YAML
 * names a catalog of the configuration, a request an account and a region, and the table of the
 * same name in another account or region is another table.
 */
final class TableFindings {
    private static final String SCHEMA = "DataFormatConversionConfiguration.SchemaConfiguration";

    private final UnaryOperator<String> places;
    private final CatalogSettings catalog;
    private final List<Finding> findings = new ArrayList<>();

    private TableFindings(UnaryOperator<String> places, CatalogSettings catalog) {
        this.places = places;
        this.catalog = catalog;
    }

    /**
     * What differs.
     *
     * @param request that keeps the model
     * @param places where the value of a member stands, by its path in the request
     * @param definition that was made of the request
     * @param config that has the definition's catalog
     * @param region of the stream, which counts where the request has none (API reference,
     *     SchemaConfiguration, Region); empty: it is not known
     */
    static List<Finding> of(
            ObjectNode request,
            UnaryOperator<String> places,
            StreamDefinition definition,
            DeliveryConfig config,
            Optional<String> region) {
        Optional<CatalogSettings> catalog =
                definition
                        .format()
                        .schemaReference()
                        .map(SchemaReference::catalog)
                        .flatMap(config::catalog);
        if (catalog.isEmpty()) {
            return List.of();
        }
        TableFindings table = new TableFindings(places, catalog.get());
        JsonNode schema =
                request.path(Leftovers.EXTENDED)
                        .path("DataFormatConversionConfiguration")
                        .path("SchemaConfiguration");
        catalog.get()
                .definition()
                .choose(files -> table.ofFiles(schema), glue -> table.ofGlue(schema, glue, region));
        return table.findings;
    }

    private void tell(Kind kind, String member, String message) {
        String path = "%s.%s.%s".formatted(Leftovers.EXTENDED, SCHEMA, member);
        findings.add(new Finding(kind, places.apply(path), message));
    }

    private static Optional<String> text(JsonNode schema, String member) {
        return Optional.of(schema.path(member).asText("")).filter(text -> !text.isEmpty());
    }

    private boolean ofFiles(JsonNode schema) {
        String message =
                "the table is that of the catalog %s, which has files".formatted(catalog.name());
        text(schema, "CatalogId")
                .filter(id -> !id.equals(catalog.name()))
                .ifPresent(id -> tell(Kind.NOTE, "CatalogId", message));
        text(schema, "Region").ifPresent(region -> tell(Kind.NOTE, "Region", message));
        return true;
    }

    private boolean ofGlue(
            JsonNode schema, CatalogDefinition.Glue glue, Optional<String> regionOfStream) {
        // What speaks Glue's API elsewhere has regions and accounts of its own.
        Kind kind = glue.endpoint().isPresent() ? Kind.NOTE : Kind.FILL_IN;
        text(schema, "CatalogId")
                .filter(
                        id ->
                                !id.equals(catalog.name())
                                        && !glue.catalogId().equals(Optional.of(id)))
                .ifPresent(
                        id ->
                                tell(
                                        kind,
                                        "CatalogId",
                                        "the table is looked for in the catalog %s, which is that of %s; the source names %s"
                                                .formatted(
                                                        catalog.name(),
                                                        glue.catalogId()
                                                                .orElse(
                                                                        "the account of its credentials"),
                                                        id)));
        text(schema, "Region")
                .or(() -> regionOfStream)
                .filter(region -> !region.equals(glue.region()))
                .ifPresent(
                        region ->
                                tell(
                                        kind,
                                        "Region",
                                        "the table is looked for in the catalog %s, which is in %s; the source names %s"
                                                .formatted(catalog.name(), glue.region(), region)));
        return true;
    }
}
