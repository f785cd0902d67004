package io.delivery.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.api.control.RequestRules;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.EncryptionSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.imports.Finding.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A stream of the API is the same stream once it was exported, or imported, and read as YAML. */
class ExportRoundTripTest {
    private static final String SURROUNDINGS =
            """
            encryption: {keys: [{id: k1, key: 'QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8='}]}
            stores: {lake: {directory: lake}, raw: {directory: raw}}
            buckets: [{match: kept, store: raw}, {match: '*', store: lake}]
            functions: {enrich: {endpoint: 'http://localhost:9/'}}
            catalogs: {main: {file: .}, glue: {glue: {region: eu-central-1, catalogId: '111122223333'}}}
            """;
    private static final RequestReader MODEL =
            RequestReader.of(ServiceModel.firehose(), "CreateDeliveryStream").refusingUnknown();

    @Property(tries = 150)
    void a_definition_that_is_exported_and_loaded_is_the_same(@ForAll long seed) throws Exception {
        Path folder = Files.createTempDirectory("exported");
        DeliveryConfig config = Imports.loaded(folder, SURROUNDINGS + "streams: {}");
        ObjectNode request = accepted(new ApiRequests(seed).request());
        ApiDefinition document = ApiDefinition.of(request);
        StreamDefinition defined = DefinitionReader.accept(Imports.resolver(config), "s", document);

        Imported exported =
                new Exporter(Imports::resolver)
                        .read("s", document.toString(), Optional.empty(), Optional.empty(), config);

        DeliveryConfig loaded = Imports.loaded(folder, SURROUNDINGS + exported.yaml());
        assertThat(loaded.streams()).as(exported.yaml()).containsExactly(configured(defined));
        assertThat(exported.findings())
                .allMatch(finding -> finding.kind() == Kind.NOTE || isOfTable(finding));
        assertThat(exported.needsALook()).isEqualTo(hasAnotherTable(request));
        remove(folder);
    }

    @Property(tries = 100)
    void a_request_that_is_imported_and_loaded_is_the_same(@ForAll long seed) throws Exception {
        Path folder = Files.createTempDirectory("imported");
        DeliveryConfig config = Imports.loaded(folder, SURROUNDINGS + "streams: {}");
        ObjectNode request = new ApiRequests(seed).request();
        StreamDefinition defined =
                DefinitionReader.accept(
                        Imports.resolver(config), "s", ApiDefinition.of(accepted(request)));

        Imported imported =
                new Importer(Imports::resolver)
                        .read(List.of(Imports.text("r.json", request.toString())), config);

        DeliveryConfig loaded = Imports.loaded(folder, SURROUNDINGS + imported.yaml());
        assertThat(loaded.streams()).as(imported.yaml()).containsExactly(configured(defined));
        assertThat(imported.needsALook()).isEqualTo(hasAnotherTable(request));
        remove(folder);
    }

    private static boolean isOfTable(Finding finding) {
        return finding.place().contains("SchemaConfiguration.");
    }

    /** The table of the only catalog of Glue, in another account or region than that one is in. */
    private static boolean hasAnotherTable(ObjectNode request) {
        JsonNode schema =
                request.path("ExtendedS3DestinationConfiguration")
                        .path("DataFormatConversionConfiguration")
                        .path("SchemaConfiguration");
        return !schema.isMissingNode()
                && !schema.path("CatalogId").asText("").equals("main")
                && !(schema.path("CatalogId").asText("111122223333").equals("111122223333")
                        && schema.path("Region").asText("eu-central-1").equals("eu-central-1"));
    }

    /** A configuration does not name the key: the first one counts. */
    private static StreamDefinition configured(StreamDefinition defined) {
        return defined.withEncryption(
                defined.encryption().map(asked -> EncryptionSettings.DEFAULT));
    }

    private static ObjectNode accepted(ObjectNode request) {
        byte[] bytes = request.toString().getBytes(StandardCharsets.UTF_8);
        ObjectNode read = MODEL.read(bytes, 0, bytes.length);
        RequestRules.requireCreatable(read);
        return read;
    }

    private static void remove(Path folder) throws Exception {
        Files.delete(folder.resolve("imported.yaml"));
        Files.delete(folder);
    }
}
