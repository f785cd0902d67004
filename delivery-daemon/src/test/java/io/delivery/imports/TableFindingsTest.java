package io.delivery.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.ApiDefinition;
import io.delivery.config.DeliveryConfig;
import io.delivery.imports.Finding.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of another account or region is another table, and is not taken in silence. */
class TableFindingsTest {
    private static final String GLUE = "{glue: {region: eu-central-1, catalogId: '444455556666'}}";
    private static final String SCHEMA = "SchemaConfiguration.";

    @TempDir private Path folder;

    private DeliveryConfig config(String catalog) {
        return Imports.loaded(
                folder,
                "stores: {lake: {directory: lake}}\ncatalogs: {main: %s}\nstreams: {}\n"
                        .formatted(catalog));
    }

    private static String request(String members) {
        return """
               {"DeliveryStreamName": "s", "ExtendedS3DestinationConfiguration": {
                 "RoleARN": "arn:aws:iam::111122223333:role/firehose", "BucketARN": "arn:aws:s3:::b",
                 "ErrorOutputPrefix": "e/", "DataFormatConversionConfiguration": {
                   "SchemaConfiguration": {"DatabaseName": "d", "TableName": "t" %s},
                   "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
                   "OutputFormatConfiguration": {"Serializer": {"OrcSerDe": {}}}}}}
               """
                .formatted(members);
    }

    private List<String> told(String catalog, String members, Kind kind) {
        Imported imported = Imports.into(config(catalog), Imports.text("r.json", request(members)));
        assertThat(imported.streams()).isOne();
        return Imports.told(imported, kind).stream()
                .filter(line -> line.contains(SCHEMA))
                .map(line -> line.substring(line.indexOf(SCHEMA) + SCHEMA.length()))
                .toList();
    }

    @Test
    void another_account_and_another_region_have_to_be_confirmed() {
        String other = ", \"Region\": \"us-west-2\", \"CatalogId\": \"111122223333\"";

        assertThat(told(GLUE, other, Kind.FILL_IN))
                .containsExactly(
                        "CatalogId: the table is looked for in the catalog main, which is that of 444455556666; the source names 111122223333",
                        "Region: the table is looked for in the catalog main, which is in eu-central-1; the source names us-west-2");
        assertThat(told("{glue: {region: eu-central-1}}", other, Kind.FILL_IN)).hasSize(2);
    }

    @Test
    void the_same_account_and_region_are_no_question() {
        String same = ", \"Region\": \"eu-central-1\", \"CatalogId\": \"444455556666\"";

        assertThat(told(GLUE, same, Kind.FILL_IN)).isEmpty();
        assertThat(told(GLUE, "", Kind.FILL_IN)).isEmpty();
        assertThat(told(GLUE, ", \"CatalogId\": \"main\"", Kind.FILL_IN)).isEmpty();
    }

    @Test
    void tables_in_files_stand_in_for_those_of_every_account() {
        String any = ", \"Region\": \"us-west-2\", \"CatalogId\": \"111122223333\"";

        assertThat(told("{file: .}", any, Kind.FILL_IN)).isEmpty();
        assertThat(told("{file: .}", any, Kind.NOTE))
                .contains(
                        "CatalogId: the table is that of the catalog main, which has files",
                        "Region: the table is that of the catalog main, which has files");
    }

    @Test
    void the_region_of_a_stream_is_that_of_its_table_unless_it_names_another() {
        String described =
                request("")
                        .replace(
                                "{\"DeliveryStreamName\": \"s\", \"ExtendedS3DestinationConfiguration\": {",
                                """
                                {"DeliveryStreamName": "s",
                                 "DeliveryStreamARN": "arn:aws:firehose:us-west-2:111122223333:deliverystream/s",
                                 "Destinations": [{"ExtendedS3DestinationDescription": {
                                """)
                        .replaceFirst("\\}\\s*$", "}]}");

        Imported imported = Imports.into(config(GLUE), Imports.text("d.json", described));

        assertThat(Imports.told(imported, Kind.FILL_IN))
                .singleElement()
                .asString()
                .endsWith(
                        "SchemaConfiguration.Region: the table is looked for in the catalog main, which is in eu-central-1; the source names us-west-2");
    }

    /** A request as it is kept: with its defaults. */
    private static String kept(String request) throws Exception {
        return ApiDefinition.of((ObjectNode) new ObjectMapper().readTree(request)).toString();
    }

    @Test
    void an_export_tells_it_as_well() throws Exception {
        Imported exported =
                new Exporter(Imports::resolver)
                        .read(
                                "s",
                                kept(request(", \"Region\": \"us-west-2\"")),
                                Optional.empty(),
                                Optional.empty(),
                                config(GLUE));

        assertThat(exported.needsALook()).isTrue();
        assertThat(Imports.told(exported, Kind.FILL_IN))
                .anyMatch(line -> line.contains("us-west-2"));
    }

    @Test
    void dictionaries_that_nobody_asked_for_are_told() {
        String parquet = request("").replace("OrcSerDe", "ParquetSerDe");

        Imported silent = Imports.into(config(GLUE), Imports.text("r.json", parquet));
        Imported said =
                Imports.into(
                        config(GLUE),
                        Imports.text(
                                "r.json",
                                parquet.replace(
                                        "\"ParquetSerDe\": {}",
                                        "\"ParquetSerDe\": {\"EnableDictionaryCompression\": false}")));

        assertThat(Imports.told(silent, Kind.NOTE)).anyMatch(line -> line.contains("dictionaries"));
        assertThat(Imports.told(said, Kind.NOTE)).noneMatch(line -> line.contains("dictionaries"));
        assertThat(said.yaml()).contains("dictionary: false");
    }

    @Test
    void a_threshold_of_nothing_in_an_old_file_is_read_as_terraform_writes_it() {
        String old =
                request("")
                        .replace(
                                "\"OrcSerDe\": {}",
                                "\"OrcSerDe\": {\"FormatVersion\": \"V0_11\", \"DictionaryKeyThreshold\": 0}");

        Imported imported = Imports.into(config(GLUE), Imports.text("r.json", old));

        assertThat(imported.streams()).isOne();
        assertThat(Imports.told(imported, Kind.NOTE))
                .anyMatch(line -> line.contains("DictionaryKeyThreshold: files of V0_11"));
    }
}
