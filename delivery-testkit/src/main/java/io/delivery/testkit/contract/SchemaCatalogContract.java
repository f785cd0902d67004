package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link SchemaCatalog} does. */
@Timeout(60)
public abstract class SchemaCatalogContract {
    /** The catalog under test; the same one throughout a test. Empty at first. */
    protected abstract SchemaCatalog catalog();

    /** From now on table {@code shop.NAME} has these columns of type string. */
    protected abstract void put(String name, String... columns) throws Exception;

    /** Version {@code number} of that table has these columns of type string. */
    protected abstract void putVersion(String name, int number, String... columns) throws Exception;

    /** The table is there and cannot be read, or makes no sense. */
    protected abstract void spoil(String name) throws Exception;

    private TableSchema latest(String name) throws CatalogException {
        return catalog().table("shop", name, SchemaCatalog.LATEST);
    }

    private static List<String> columns(TableSchema table) {
        return table.columns().stream().map(TableSchema.Column::name).toList();
    }

    private CatalogException problem(String database, String table, String version) {
        CatalogException problem =
                catchThrowableOfType(
                        CatalogException.class, () -> catalog().table(database, table, version));
        assertThat(problem).as("%s.%s, version %s", database, table, version).isNotNull();
        assertThat(problem.getMessage()).isNotBlank();
        return problem;
    }

    // --- what is there ---

    @Test
    protected void a_table_is_what_the_catalog_says_at_this_moment() throws Exception {
        put("orders", "id", "city");

        TableSchema table = latest("orders");

        assertThat(table.qualifiedName()).isEqualTo("shop.orders");
        assertThat(table.version()).isNotBlank();
        assertThat(columns(table)).containsExactly("id", "city");
        assertThat(latest("orders")).isEqualTo(table);
    }

    @Test
    protected void a_change_is_seen_and_has_another_version() throws Exception {
        put("orders", "id");
        TableSchema before = latest("orders");

        put("orders", "id", "city");

        assertThat(columns(latest("orders"))).containsExactly("id", "city");
        assertThat(latest("orders").version()).isNotEqualTo(before.version());
        assertThat(columns(before)).as("what was given stays").containsExactly("id");
    }

    @Test
    protected void a_version_stays_what_it_is_whatever_the_table_becomes() throws Exception {
        put("orders", "id");
        putVersion("orders", 1, "old");
        putVersion("orders", 2, "newer");

        put("orders", "newest");

        assertThat(columns(catalog().table("shop", "orders", "1"))).containsExactly("old");
        assertThat(columns(catalog().table("shop", "orders", "2"))).containsExactly("newer");
        assertThat(catalog().table("shop", "orders", "1").version()).isEqualTo("1");
        assertThat(columns(latest("orders"))).containsExactly("newest");
    }

    @Test
    protected void no_version_is_the_latest() throws Exception {
        put("orders", "id");

        assertThat(catalog().table("shop", "orders", null)).isEqualTo(latest("orders"));
        assertThat(catalog().table("shop", "orders", "")).isEqualTo(latest("orders"));
    }

    @Test
    protected void what_was_waited_for_is_known_without_waiting() throws Exception {
        put("orders", "id");
        latest("orders");
        put("orders", "id", "city");

        catalog()
                .ready("shop", "orders", SchemaCatalog.LATEST)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);

        assertThat(columns(catalog().known("shop", "orders", SchemaCatalog.LATEST)))
                .containsExactly("id", "city");
    }

    @Test
    protected void waiting_never_fails_and_what_is_wrong_is_told_afterwards() throws Exception {
        for (String name : new String[] {"absent", "../shop", null}) {
            catalog()
                    .ready("shop", name, SchemaCatalog.LATEST)
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);

            assertThat(
                            catchThrowableOfType(
                                    CatalogException.class,
                                    () -> catalog().known("shop", name, SchemaCatalog.LATEST)))
                    .as("table %s", name)
                    .isNotNull();
        }
    }

    // --- what is not there ---

    @Test
    protected void a_table_that_is_not_there_is_told_until_it_is() throws Exception {
        assertThat(problem("shop", "orders", SchemaCatalog.LATEST).reason())
                .isEqualTo(Reason.ENTITY_NOT_FOUND);
        put("orders", "id");

        assertThat(columns(latest("orders"))).containsExactly("id");
        assertThat(problem("shop", "Orders2", SchemaCatalog.LATEST).reason())
                .isEqualTo(Reason.ENTITY_NOT_FOUND);
        assertThat(problem("elsewhere", "orders", SchemaCatalog.LATEST).reason())
                .isEqualTo(Reason.ENTITY_NOT_FOUND);
    }

    @Test
    protected void a_version_that_is_not_there_is_told() throws Exception {
        put("orders", "id");
        putVersion("orders", 1, "old");

        for (String version : new String[] {"2", "-1", "one", "../1", " "}) {
            assertThat(problem("shop", "orders", version).reason())
                    .as("version \"%s\"", version)
                    .isEqualTo(Reason.INVALID_VERSION_ID);
        }
    }

    @Test
    protected void names_that_are_none_are_refused_and_reach_nothing() throws Exception {
        put("orders", "id");

        for (String name :
                new String[] {null, "", " ", ".", "..", "../shop", "a/b", "a\\b", "a\0b", "a@1"}) {
            assertThat(problem("shop", name, SchemaCatalog.LATEST).reason())
                    .as("table \"%s\"", name)
                    .isEqualTo(Reason.INVALID_INPUT);
            assertThat(problem(name, "orders", SchemaCatalog.LATEST).reason())
                    .as("database \"%s\"", name)
                    .isEqualTo(Reason.INVALID_INPUT);
        }
        assertThat(problem("shop", "x".repeat(10_000), SchemaCatalog.LATEST).reason())
                .isEqualTo(Reason.INVALID_INPUT);
    }

    // --- what fails ---

    @Test
    protected void a_table_that_was_never_read_and_cannot_be_is_told_until_it_can()
            throws Exception {
        spoil("orders");

        assertThat(problem("shop", "orders", SchemaCatalog.LATEST).code())
                .startsWith("DataFormatConversion.");
        put("orders", "id");

        assertThat(columns(latest("orders"))).containsExactly("id");
    }

    @Test
    protected void the_last_schema_stays_in_force_while_the_table_cannot_be_read()
            throws Exception {
        put("orders", "id");
        TableSchema before = latest("orders");

        spoil("orders");
        assertThat(latest("orders")).isEqualTo(before);
        assertThat(latest("orders")).as("asked again").isEqualTo(before);
        put("orders", "id", "city");

        assertThat(columns(latest("orders"))).containsExactly("id", "city");
    }

    // --- threads ---

    @Test
    protected void tables_are_asked_for_on_any_threads() throws Exception {
        int threads = 4;
        for (int i = 0; i < threads; i++) {
            put("table" + i, "column" + i);
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<String>>> answers = new ArrayList<>();
            for (int i = 0; i < threads * 10; i++) {
                String table = "table" + i % threads;
                Callable<List<String>> asking = () -> columns(latest(table));
                answers.add(pool.submit(asking));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get(30, TimeUnit.SECONDS))
                        .containsExactly("column" + i % threads);
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
