package io.delivery.glue;

import io.delivery.config.AccessKey;
import io.delivery.config.CatalogDefinition;
import io.delivery.config.Secret;
import io.delivery.format.SchemaCatalog;
import io.delivery.machine.Machine;
import io.delivery.testkit.ManualClock;
import io.delivery.testkit.contract.SchemaCatalogContract;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The contract of catalogs, for Glue. What changes there is seen when a schema has become old, so
 * that each change lets the clock go on by so much.
 */
abstract class GlueCatalogContract extends SchemaCatalogContract {
    private static final Duration REFRESH = Duration.ofMinutes(5);

    private final ManualClock clock = new ManualClock();
    private final Machine machine = new Machine();
    private GlueCatalog catalog;

    /** Where Glue answers. */
    abstract URI endpoint();

    /** The table of the database {@code shop} has these columns from now on. */
    abstract void write(String table, String type, String... columns) throws Exception;

    /** The table and its versions are gone. */
    abstract void remove(String table) throws Exception;

    static CatalogDefinition.Glue settings(URI endpoint) {
        return new CatalogDefinition.Glue(
                Optional.of(endpoint),
                "us-east-1",
                Optional.of(new AccessKey("testak", new Secret("testsecret123456"))),
                Optional.empty(),
                REFRESH,
                Duration.ofHours(24));
    }

    @BeforeEach
    void open() {
        CatalogDefinition.Glue settings = settings(endpoint());
        catalog =
                new GlueCatalog(
                        "glue",
                        new GlueApi(settings, machine.world().scheduler()),
                        new KnownTable.Timing(
                                settings.refresh(),
                                settings.staleIfError(),
                                Duration.ofSeconds(30)),
                        clock,
                        GlueCatalog.threads("glue", machine.world().scheduler()));
    }

    @AfterEach
    void closeAll() {
        catalog.close();
        machine.close();
    }

    @Override
    protected SchemaCatalog catalog() {
        return catalog;
    }

    @Override
    protected void put(String name, String... columns) throws Exception {
        write(name, "string", columns);
        clock.advance(REFRESH);
    }

    /** Glue numbers by itself, and the latest version has a number as well. */
    @Override
    protected void putVersion(String name, int number, String... columns) throws Exception {
        if (number == 1) {
            remove(name);
        }
        write(name, "string", columns);
        clock.advance(REFRESH);
    }

    @Override
    protected void spoil(String name) throws Exception {
        write(name, "strin", "id");
        clock.advance(REFRESH);
    }
}
