package io.delivery.loading;

import static io.delivery.loading.Types.DURATION;
import static io.delivery.loading.Types.ENDPOINT;
import static io.delivery.loading.Types.FOLDER;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.AccessKey;
import io.delivery.config.CatalogDefinition;
import io.delivery.config.CatalogDefinition.Files;
import io.delivery.config.CatalogDefinition.Glue;
import io.delivery.config.CatalogSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where schemas come from. */
final class CatalogSections {
    private static final Field<URI> ENDPOINT_URI =
            Field.of("endpoint", ENDPOINT, "Where Glue, or what speaks its API, answers.")
                    .byDefault("AWS, by region")
                    .example("http://localhost:5000");
    private static final Field<String> REGION =
            Field.of("region", TEXT, "Region of the catalog.")
                    .byDefault(Glue.DEFAULT_REGION)
                    .example("eu-central-1")
                    .api("SchemaConfiguration.Region");
    private static final Field<AccessKey> CREDENTIALS =
            Field.of(
                            "credentials",
                            Types.section(
                                    Section.of(
                                            "catalogs.NAME.glue.credentials",
                                            "Static credentials for Glue.",
                                            ServerSections.ACCESS_KEY_ID,
                                            ServerSections.SECRET_ACCESS_KEY),
                                    ServerSections::accessKey),
                            "Static credentials. Changed ones come into force with the file; those that"
                                    + " the default chain finds are read again by themselves.")
                    .byDefault("the AWS SDK's default chain");
    private static final Field<String> CATALOG_ID =
            Field.of("catalogId", TEXT, "The account whose catalog it is.")
                    .byDefault("the account of the credentials")
                    .example("'111122223333'")
                    .api("SchemaConfiguration.CatalogId");
    private static final Field<Duration> REFRESH =
            Field.of(
                            "refresh",
                            DURATION,
                            "How old the latest version of a table becomes before Glue is asked"
                                    + " for it again. A version with a number is asked for once.")
                    .byDefault(Units.setting(Glue.DEFAULT_REFRESH))
                    .bounded("1s to 24h")
                    .example("1m");
    private static final Field<Duration> STALE_IF_ERROR =
            Field.of(
                            "staleIfError",
                            DURATION,
                            "For how long after Glue gave it a table's schema stays in force while"
                                    + " Glue does not answer, or with no usable table. After that"
                                    + " time the streams of this table wait.")
                    .byDefault(Units.setting(Glue.DEFAULT_STALE_IF_ERROR))
                    .bounded("refresh to 8760h")
                    .example("72h");

    private static final Field<Path> FILE =
            Field.of(
                            "file",
                            FOLDER,
                            "A folder of schemas: `file/database/table.yaml` or `.avsc`; [schema.md](schema.md) describes them.")
                    .byDefault("one of file, glue")
                    .example("schemas");
    private static final Field<Glue> GLUE =
            Field.of(
                            "glue",
                            Types.section(
                                    Section.of(
                                                    "catalogs.NAME.glue",
                                                    "AWS Glue Data Catalog, or a service that"
                                                            + " speaks its API; [glue.md](../glue.md)"
                                                            + " tells the rights it needs, and what"
                                                            + " happens while Glue is away.",
                                                    ENDPOINT_URI,
                                                    REGION,
                                                    CREDENTIALS,
                                                    CATALOG_ID,
                                                    REFRESH,
                                                    STALE_IF_ERROR)
                                            .without(
                                                    Map.of(
                                                            "database",
                                                            "a stream names it: format.schema.table:"
                                                                    + " database.table",
                                                            "roleArn",
                                                            "let a profile assume the role",
                                                            "caFile",
                                                            "add the certificate to the JDK's trust"
                                                                    + " store")),
                                    CatalogSections::glue),
                            "AWS Glue Data Catalog, or a service that speaks its API.")
                    .byDefault("one of file, glue");
    private static final Section CATALOG =
            Section.of(
                    "catalogs.NAME",
                    "Where schemas come from: one of file and glue. NAME is what streams call it.",
                    FILE,
                    GLUE);
    static final ValueType<List<CatalogSettings>> CATALOGS =
            Types.named("catalogs", CATALOG, CatalogSections::catalog);

    private CatalogSections() {}

    private static Optional<CatalogSettings> catalog(YamlValue value) {
        return value.section(CATALOG)
                .map(
                        in -> {
                            if (in.has(FILE) == in.has(GLUE)) {
                                value.problem(
                                        "must have one of file and glue"
                                                + (in.has(FILE) ? ", and has both" : ""));
                            }
                            Optional<CatalogDefinition> glue = in.get(GLUE).map(g -> g);
                            return new CatalogSettings(
                                    StoreSections.nameOf(value, "catalogs"),
                                    glue.orElse(new Files(in.get(FILE).orElse(Path.of("")))));
                        });
    }

    private static Glue glue(SectionValues in) {
        return new Glue(
                in.get(ENDPOINT_URI),
                in.get(REGION).orElse(Glue.DEFAULT_REGION),
                in.get(CREDENTIALS),
                in.get(CATALOG_ID),
                in.get(REFRESH).orElse(Glue.DEFAULT_REFRESH),
                in.get(STALE_IF_ERROR).orElse(Glue.DEFAULT_STALE_IF_ERROR));
    }
}
