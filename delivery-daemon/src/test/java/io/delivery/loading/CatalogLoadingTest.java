package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where schemas come from, what names it, and how long and large things are written. */
class CatalogLoadingTest {
    @TempDir Path folder;

    private static Arguments row(String text, String problem) {
        return arguments(text, problem);
    }

    static Stream<Arguments> files() {
        return Stream.of(
                row("catalogs: {main: {}}", "1 catalogs.main: must have one of file and glue"),
                row(
                        "catalogs: {main: {file: schemas, glue: {}}}",
                        "1 catalogs.main: must have one of file and glue, and has both"),
                row(
                        "catalogs: {main: {glue: {region: 'eu central'}}}",
                        "1 catalogs.main.glue.region: must be a region of AWS such as us-east-1, was eu central; a service elsewhere needs its endpoint"),
                row(
                        "catalogs: {main: {glue: {endpoint: 'http://localhost:5000', region: a/b}}}",
                        "1 catalogs.main.glue.region: must have no blanks, commas or slashes, was a/b"),
                row(
                        "catalogs: {main: {glue: {endpoint: localhost}}}",
                        "1 catalogs.main.glue.endpoint: must be a URL such as http://minio:9000, was localhost; did you mean http://localhost?"),
                row(
                        "catalogs: {main: {glue: {catalogId: 'my catalog'}}}",
                        "1 catalogs.main.glue.catalogId: must be the number of an account, such as '111122223333', or a catalog of it, such as '111122223333:name', was my catalog"),
                row(
                        "catalogs: {main: {glue: {refresh: 500ms}}}",
                        "1 catalogs.main.glue.refresh: must be between 1s and 24h, was 500ms"),
                row(
                        "catalogs: {main: {glue: {refresh: 10m, staleIfError: 1m}}}",
                        "1 catalogs.main.glue.staleIfError: must be between refresh (600s) and 8760h, was 60s"),
                row(
                        "catalogs: {main: {glue: {staleIfError: 0s}}}",
                        "1 catalogs.main.glue.staleIfError: must be between refresh (300s) and 8760h, was 0s"),
                row(
                        "catalogs: {main: {glue: {credentials: {accessKeyId: a, secretAccessKey: ' hush'}}}}",
                        "1 catalogs.main.glue.credentials.secretAccessKey: must be one line without blanks at its edges"),
                row(
                        "catalogs: {main: {glue: {credentials: {accessKeyId: a}}}}",
                        "1 catalogs.main.glue.credentials.secretAccessKey: must be given"),
                row(
                        "catalogs: {main: {glue: {database: shop}}}",
                        "1 catalogs.main.glue.database: not supported: a stream names it: format.schema.table: database.table; supported here: endpoint, region, credentials, catalogId, refresh, staleIfError"),
                row(
                        "catalogs: {main: {glue: {regoin: eu-central-1}}}",
                        "1 catalogs.main.glue.regoin: unknown; did you mean region?"),
                row(
                        "catalogs: {main: {glue: {region: frankfurt}}}",
                        "1 catalogs.main.glue.region: must be a region of AWS such as us-east-1, was frankfurt; a service elsewhere needs its endpoint"),
                row(
                        "catalogs: {main: {glue: {catalogId: my-account}}}",
                        "1 catalogs.main.glue.catalogId: must be the number of an account, such as '111122223333', or a catalog of it, such as '111122223333:name', was my-account"),
                row(
                        "catalogs: {main: {glue: {catalogId: '11112222333'}}}",
                        "1 catalogs.main.glue.catalogId: must be the number of an account, such as '111122223333', or a catalog of it, such as '111122223333:name', was 11112222333"),
                row(
                        "catalogs: {main: {glue: {refresh: 90000milis}}}",
                        "1 catalogs.main.glue.refresh: must be a duration such as 500ms, 30s, 5m or 1h, was 90000milis; did you mean 90000ms?"),
                row(
                        "catalogs: {main: {glue: {refresh: 5minuts}}}",
                        "1 catalogs.main.glue.refresh: must be a duration such as 500ms, 30s, 5m or 1h, was 5minuts; did you mean 5m?"),
                row(
                        "catalogs: {main: {glue: {refresh: 5x}}}",
                        "1 catalogs.main.glue.refresh: must be a duration such as 500ms, 30s, 5m or 1h, was 5x"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_wrong_catalog_is_refused_with_the_line_the_rule_and_the_value(
            String text, String problem) {
        assertThat(ConfigFile.in(folder, text).problems()).containsExactly(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{region: us-gov-west-1}",
                "{region: eusc-de-east-1}",
                "{region: ap-southeast-3, catalogId: '111122223333'}",
                "{catalogId: '111122223333:s3tablescatalog/lake'}",
                "{endpoint: 'http://localhost:5000', region: local, catalogId: main}",
            })
    void regions_and_catalogs_that_there_are_or_may_be_elsewhere_are_taken(String glue) {
        assertThat(ConfigFile.in(folder, "catalogs: {main: {glue: %s}}".formatted(glue)).problems())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"glu", "Glue", "gleu"})
    void a_catalog_that_is_not_there_is_asked_back_by_the_name_that_is_near(String named) {
        assertThat(streamWith(named))
                .containsExactly(
                        "6 streams.s.format.schema.catalog: must be one of catalogs (glue, files), was %s; did you mean glue?"
                                .formatted(named));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lake", "x"})
    void a_catalog_that_no_name_is_near_to_is_not_guessed(String named) {
        assertThat(streamWith(named))
                .containsExactly(
                        "6 streams.s.format.schema.catalog: must be one of catalogs (glue, files), was "
                                + named);
    }

    private List<String> streamWith(String catalog) {
        return ConfigFile.in(
                        folder,
                        """
                        stores: {a: {directory: a}}
                        catalogs: {glue: {glue: {}}, files: {file: .}}
                        streams:
                          s:
                            destination: {bucket: b, errorPrefix: e/}
                            format: {parquet: {}, schema: {catalog: %s, table: d.t}}
                        """
                                .formatted(catalog))
                .problems();
    }
}
