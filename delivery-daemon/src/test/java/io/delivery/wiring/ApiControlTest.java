package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.Outside;
import io.delivery.config.CatalogDefinition;
import io.delivery.config.CatalogSettings;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.format.DecoderOptions;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a catalog throws that nobody expects is told to whoever waits for its answer. */
class ApiControlTest {
    private static final SchemaReference TABLE =
            new SchemaReference("main", "db", "t", SchemaCatalog.LATEST);

    private final SimWorld sim = SimWorld.seeded(1);

    static Stream<Throwable> unexpected() {
        return Stream.of(
                new IllegalArgumentException("injected"), new StackOverflowError("injected"));
    }

    private static SchemaCatalog throwing(Throwable unexpected) {
        return new SchemaCatalog() {
            @Override
            public TableSchema table(String database, String table, String version) {
                if (unexpected instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) unexpected;
            }
        };
    }

    private Outside outside(Throwable unexpected) throws IOException {
        CatalogRegistry catalogs = new CatalogRegistry(settings -> throwing(unexpected));
        catalogs.prepare(
                        List.of(
                                new CatalogSettings(
                                        "main", new CatalogDefinition.Files(Path.of("schemas")))))
                .takeEffect();
        StoreRegistry stores = new StoreRegistry(sim.world(), Intervention.NONE);
        return new ApiControl(null, stores, catalogs, () -> null, null, sim.world());
    }

    private void assertFailsWith(Throwable unexpected, CompletionStage<?> answer) {
        CompletableFuture<?> waiting = answer.toCompletableFuture();

        sim.scheduler().runUntilIdle();

        assertThat(waiting).isCompletedExceptionally();
        assertThat(waiting.handle((none, failure) -> failure).join()).hasRootCause(unexpected);
    }

    @ParameterizedTest
    @MethodSource("unexpected")
    void why_there_is_no_table_is_answered(Throwable unexpected) throws IOException {
        assertFailsWith(unexpected, outside(unexpected).whyNoTable(TABLE));
    }

    @ParameterizedTest
    @MethodSource("unexpected")
    void how_records_of_a_table_are_read_is_answered(Throwable unexpected) throws IOException {
        assertFailsWith(unexpected, outside(unexpected).serde(TABLE));
    }

    @ParameterizedTest
    @MethodSource("unexpected")
    void what_does_not_fit_a_table_is_answered(Throwable unexpected) throws IOException {
        assertFailsWith(
                unexpected,
                outside(unexpected)
                        .misfits(
                                new FormatSettings.Converted(
                                        ColumnarSettings.Parquet.DEFAULTS,
                                        TABLE,
                                        DecoderOptions.DEFAULTS)));
    }
}
