package io.delivery.glue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import io.delivery.config.AccessKey;
import io.delivery.config.CatalogDefinition;
import io.delivery.config.Secret;
import io.delivery.format.CatalogException;
import io.delivery.format.ColumnType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.SchemaProblem;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.machine.Machine;
import io.delivery.record.DeliveryRecord;
import io.delivery.testkit.FakeGlue;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Glue is asked, what its tables become, and what each failure means. */
@Timeout(60)
class GlueApiTest {
    private static final String SECRET = "not-for-your-eyes";

    private final FakeGlue glue = FakeGlue.start();
    private final Machine machine = new Machine();
    private final CountDownLatch end = new CountDownLatch(1);
    private final GlueApi api = api(Optional.of(glue.endpoint()), Optional.empty());

    private GlueApi api(Optional<URI> endpoint, Optional<String> catalogId) {
        return api(endpoint, catalogId, Duration.ofSeconds(20));
    }

    private GlueApi api(Optional<URI> endpoint, Optional<String> catalogId, Duration limit) {
        return new GlueApi(
                new CatalogDefinition.Glue(
                        endpoint,
                        "eu-central-1",
                        Optional.of(new AccessKey("testak", new Secret(SECRET))),
                        catalogId,
                        Duration.ofMinutes(5),
                        Duration.ofHours(24)),
                machine.world().scheduler(),
                limit);
    }

    @AfterEach
    void closeAll() {
        end.countDown();
        api.close();
        glue.close();
        machine.close();
    }

    private static TableName name(String version) throws CatalogException {
        return TableName.of("shop", "orders", version);
    }

    private TableSchema latest() throws CatalogException {
        return api.read(name("LATEST"));
    }

    private CatalogException refusal(GlueApi asked) {
        CatalogException refused =
                catchThrowableOfType(CatalogException.class, () -> asked.read(name("LATEST")));
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage()).doesNotContain(SECRET);
        return refused;
    }

    private static boolean waits(CatalogException refused) {
        return refused.problems().stream().noneMatch(SchemaProblem::lasts);
    }

    // --- what is asked ---

    @Test
    void the_latest_version_is_what_get_table_says() throws Exception {
        glue.put("shop", "orders", FakeGlue.columns("string", "id"));

        latest();

        assertThat(glue.requests()).hasSize(1);
        FakeGlue.Request asked = glue.requests().get(0);
        assertThat(asked.operation()).isEqualTo("GetTable");
        assertThat(asked.body()).isEqualTo("{\"DatabaseName\":\"shop\",\"Name\":\"orders\"}");
        assertThat(asked.authorization())
                .contains("Credential=testak/")
                .contains("/eu-central-1/glue/aws4_request")
                .doesNotContain(SECRET);
    }

    @Test
    void a_version_and_a_catalog_are_asked_for_by_their_names() throws Exception {
        glue.put("shop", "orders", FakeGlue.columns("string", "old"));
        glue.put("shop", "orders", FakeGlue.columns("string", "newer"));
        try (GlueApi other = api(Optional.of(glue.endpoint()), Optional.of("111122223333"))) {
            TableSchema first = other.read(name("1"));

            assertThat(first.version()).isEqualTo("1");
            assertThat(first.columns().get(0).name()).isEqualTo("old");
        }
        assertThat(glue.requests().get(0).operation()).isEqualTo("GetTableVersion");
        assertThat(glue.requests().get(0).body())
                .contains("\"CatalogId\":\"111122223333\"")
                .contains("\"VersionId\":\"1\"");
    }

    @Test
    void a_version_that_is_not_there_is_told_with_the_newest() {
        glue.put("shop", "orders", FakeGlue.columns("string", "id"));

        CatalogException refused =
                catchThrowableOfType(CatalogException.class, () -> api.read(name("9")));

        assertThat(refused)
                .hasMessage("GetTableVersion shop.orders: there is no version 9, the newest is 1");
        assertThat(refused.code()).isEqualTo("DataFormatConversion.InvalidVersionId");
    }

    // --- what a table becomes ---

    @Test
    void columns_comments_and_partition_keys_are_as_glue_has_them() throws Exception {
        glue.put(
                "shop",
                "orders",
                """
                "PartitionKeys":[{"Name":"dt","Type":"date"}],
                "Parameters":{"classification":"parquet"},
                "StorageDescriptor":{"SerdeInfo":{"SerializationLibrary":"org.apache.hive.hcatalog.data.JsonSerDe",
                "Parameters":{"mapping.id":"key"}},"Columns":[
                {"Name":"id","Type":"BIGINT","Comment":"the key"},
                {"Name":"lines","Type":"array<struct<sku:string, price:decimal(10,2)>>"}]}
                """);

        TableSchema table = latest();

        assertThat(table.qualifiedName()).isEqualTo("shop.orders");
        assertThat(table.version()).isEqualTo("1");
        assertThat(table.columns())
                .containsExactly(
                        new TableSchema.Column("id", ColumnType.Primitive.BIGINT, "the key"),
                        new TableSchema.Column(
                                "lines",
                                HiveTypes.parse("array<struct<sku:string,price:decimal(10,2)>>")));
        assertThat(table.partitionColumns())
                .containsExactly(new TableSchema.Column("dt", ColumnType.Primitive.DATE));
        assertThat(table.serde())
                .as("of the files that readers find, not of what comes in")
                .isEqualTo(JsonSerDe.OpenX.DEFAULTS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"StorageDescriptor\":{\"Columns\":[]}                                       | NonExistentColumns | it has no columns",
                "\"TableType\":\"EXTERNAL_TABLE\"                                              | NonExistentColumns | it has no columns",
                "\"TableType\":\"VIRTUAL_VIEW\"                                                | NonExistentColumns | it is a view without columns",
                "\"TargetTable\":{\"CatalogId\":\"7\",\"DatabaseName\":\"a\",\"Name\":\"b\"}   | NonExistentColumns | it is a link to a.b of catalog 7",
                "\"StorageDescriptor\":{\"Columns\":[{\"Name\":\"id\",\"Type\":\"strin\"}]}    | InvalidTypeFormat  | column id: unknown type, saw 'strin' at character 1; did you mean string?",
                "\"StorageDescriptor\":{\"Columns\":[{\"Name\":\"id\"}]}                       | InvalidTypeFormat  | column id: ",
                "\"StorageDescriptor\":{\"Columns\":[{\"Name\":\"a.b\",\"Type\":\"int\"}]}     | InvalidSchema      | a column name has no dots, was a.b",
                "\"StorageDescriptor\":{\"Columns\":[{\"Type\":\"int\"}]}                      | InvalidSchema      | a column needs a name",
                "\"StorageDescriptor\":{\"Columns\":[{\"Name\":\"id\",\"Type\":\"int\"}]},\"PartitionKeys\":[{\"Name\":\"ID\",\"Type\":\"int\"}] | InvalidSchema | partition column ID is there twice",
                "\"StorageDescriptor\":{\"Columns\":[{\"Name\":\"id\",\"Type\":\"int\"}]},\"PartitionKeys\":[{\"Type\":\"int\"}] | InvalidSchema | partition key: a column needs a name",
            })
    void a_table_that_makes_no_sense_must_be_corrected(String table, String code, String message) {
        glue.put("shop", "orders", table);

        CatalogException refused = refusal(api);

        assertThat(refused.code()).isEqualTo("DataFormatConversion." + code);
        assertThat(refused.getMessage()).startsWith("shop.orders in Glue: ").contains(message);
        assertThat(waits(refused)).isFalse();
    }

    @Test
    void of_a_partition_key_only_its_name_counts() throws Exception {
        glue.put(
                "shop",
                "orders",
                """
                "StorageDescriptor":{"Columns":[{"Name":"id","Type":"int"}]},
                "PartitionKeys":[{"Name":"dt","Type":"day"},{"Name":"a.b","Type":"uniontype<int>"},{"Name":"c"}]
                """);
        TableSchema table = latest();
        byte[] record = "{\"id\":1,\"dt\":2,\"a.b\":3,\"C\":4}".getBytes(UTF_8);
        RowBuffer rows = new RowBuffer();

        new JsonRecordDecoder(
                        table,
                        new DecoderOptions(Optional.empty(), new UnknownFieldPolicy.Refuse()))
                .decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);

        assertThat(table.partitionColumns())
                .extracting(TableSchema.Column::name)
                .containsExactly("dt", "a.b", "c");
        assertThat(rows.number(rows.row(0))).isEqualTo(1);
    }

    @Test
    void everything_that_is_wrong_is_told_at_once() {
        glue.put("shop", "orders", FakeGlue.columns("strin", "a", "b", "c"));

        assertThat(refusal(api).problems()).hasSize(3);
    }

    @Test
    void who_does_not_number_versions_gets_a_mark_of_the_content() throws Exception {
        glue.failLike(unnumbered("a"));
        String first = latest().version();
        assertThat(latest().version()).isEqualTo(first).startsWith("content:");

        glue.failLike(unnumbered("b"));
        assertThat(latest().version()).startsWith("content:").isNotEqualTo(first);
    }

    private static FakeGlue.Fault unnumbered(String column) {
        return json("{\"Table\":{%s}}".formatted(FakeGlue.columns("int", column)));
    }

    private static FakeGlue.Fault json(String body) {
        return exchange -> FakeGlue.send(exchange, 200, "application/x-amz-json-1.1", body);
    }

    // --- what fails ---

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | EntityNotFoundException            | EntityNotFound           | true  | create it",
                "400 | InvalidInputException              | InvalidInput             | false | correct format.schema",
                "400 | ValidationException                | InvalidInput             | false | correct format.schema",
                "400 | AccessDeniedException              | AccessDenied             | true  | allow glue:GetTable and glue:GetTableVersion",
                "400 | GlueEncryptionException            | GlueEncryptionException  | true  | allow kms:Decrypt",
                "400 | OperationTimeoutException          | SchemaValidationTimeout  | true  | asked again after a pause",
                "400 | ThrottlingException                | ThrottledByGlue          | true  | longer refresh",
                "429 | SomethingElse                      | ThrottledByGlue          | true  | longer refresh",
                "400 | UnrecognizedClientException        | InvalidGlueRole          | true  | correct the credentials",
                "400 | InvalidSignatureException          | InvalidGlueRole          | true  | correct the credentials",
                "400 | ExpiredTokenException              | InvalidGlueRole          | true  | renew the session",
                "403 | SomethingElse                      | AccessDenied             | true  | allow glue:GetTable",
                "400 | FederationSourceException          | DataFirehose.InternalError | true | asked again",
                "500 | InternalServiceException           | DataFirehose.InternalError | true | asked again",
                "503 | ServiceUnavailable                 | DataFirehose.InternalError | true | asked again",
                "400 | NobodyKnowsThisOne                 | DataFormatConversionCustomerErrorException | true | look up Glue's answer",
            })
    void each_refusal_has_its_code_and_its_remedy(
            int status, String type, String code, boolean waits, String remedy) {
        glue.failLike(FakeGlue.error(status, type, "because of \\u001b[2Jreasons"));

        CatalogException refused = refusal(api);

        assertThat(refused.code())
                .isEqualTo(code.contains(".") ? code : "DataFormatConversion." + code);
        assertThat(refused.getMessage())
                .startsWith(
                        "GetTable shop.orders at %s: %d %s: because of "
                                .formatted(glue.endpoint(), status, type))
                .contains("reasons")
                .contains(remedy)
                .doesNotContain("\u001b");
        assertThat(waits(refused)).isEqualTo(waits);
        assertThat(glue.requests()).as("nothing is repeated").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | application/x-amz-json-1.1 | {}",
                "200 | application/x-amz-json-1.1 | {\"Table\":",
                "200 | application/x-amz-json-1.1 | [1,2]",
                "200 | application/x-amz-json-1.1 | ''",
                "200 | text/html                  | <html>Please log in</html>",
                "302 | text/html                  | ''",
                "404 | text/html                  | <html>Not found</html>",
            })
    void what_is_no_answer_of_glue_is_told_as_such(int status, String type, String body) {
        glue.failLike(exchange -> FakeGlue.send(exchange, status, type, body));

        CatalogException refused = refusal(api);

        assertThat(refused.getMessage()).contains("that is no answer of Glue");
        assertThat(refused.code()).isEqualTo("DataFirehose.InternalError");
        assertThat(waits(refused)).isTrue();
    }

    @Test
    void an_answer_that_never_ends_is_not_read_to_its_end() {
        glue.failLike(
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    out.write("{\"Table\":{\"Name\":\"".getBytes(UTF_8));
                    byte[] more = "x".repeat(1 << 16).getBytes(UTF_8);
                    for (long sent = 0; sent < 4L * GlueHttp.MAX_ANSWER_BYTES; sent += 1 << 16) {
                        out.write(more);
                    }
                });

        assertThat(refusal(api).getMessage()).contains("the answer has more than 8388608 bytes");
    }

    @Test
    void an_answer_that_does_not_come_is_given_up_whatever_of_it_came() {
        try (GlueApi hasty =
                api(Optional.of(glue.endpoint()), Optional.empty(), Duration.ofSeconds(1))) {
            glue.failLike(exchange -> hang());
            CatalogException noHead = refusal(hasty);
            glue.failLike(this::dripAndHang);
            CatalogException halfABody = refusal(hasty);

            for (CatalogException late : List.of(noHead, halfABody)) {
                assertThat(late.code()).isEqualTo("DataFormatConversion.SchemaValidationTimeout");
                assertThat(late.getMessage()).contains("GetTable shop.orders at ");
            }
        }
    }

    private void hang() {
        try {
            end.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void dripAndHang(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("{\"Table\":{".getBytes(UTF_8));
        exchange.getResponseBody().flush();
        hang();
    }

    @Test
    void nobody_at_the_address_is_told_with_what_to_look_at() {
        glue.close();

        CatalogException refused = refusal(api);

        assertThat(refused.getMessage())
                .contains("Connection refused")
                .contains("look at the network and at endpoint of the catalog");
        assertThat(refused.code()).isEqualTo("DataFormatConversion.SchemaValidationTimeout");
        assertThat(waits(refused)).isTrue();
    }

    @Test
    void a_catalog_that_is_closed_asks_nobody() {
        api.close();

        assertThat(refusal(api).getMessage()).contains("the catalog is closed");
        assertThat(glue.requests()).isEmpty();
    }
}
