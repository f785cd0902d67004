package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.CatalogDefinition;
import io.delivery.config.CatalogSettings;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CatalogRegistryTest {
    private final List<String> opened = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final CatalogRegistry registry = new CatalogRegistry(this::open);

    private SchemaCatalog open(CatalogSettings settings) {
        String folder =
                settings.definition()
                        .<String, RuntimeException>choose(
                                files -> files.directory().toString(), glue -> "glue");
        opened.add(folder);
        return new SchemaCatalog() {
            @Override
            public TableSchema table(String database, String table, String version) {
                throw new IllegalStateException("no table of " + folder);
            }

            @Override
            public void close() {
                closed.add(folder);
            }
        };
    }

    private static List<CatalogSettings> catalogs(String... namesAndFolders) {
        return Stream.of(namesAndFolders)
                .map(text -> text.split("="))
                .map(
                        words ->
                                new CatalogSettings(
                                        words[0], new CatalogDefinition.Files(Path.of(words[1]))))
                .toList();
    }

    private CatalogRegistry.Change takeEffect(String... namesAndFolders) throws IOException {
        CatalogRegistry.Change change = registry.prepare(catalogs(namesAndFolders));
        change.takeEffect();
        return change;
    }

    @Test
    void a_former_catalog_is_closed_with_the_last_components_that_were_made_with_it()
            throws IOException {
        CatalogRegistry.Change first = takeEffect("tables=a");
        Generation.Lease<SchemaCatalog> one = first.lease("tables");
        Generation.Lease<SchemaCatalog> other = first.lease("tables");

        CatalogRegistry.Change next = registry.prepare(catalogs("tables=b"));
        assertThat(next.replaces("tables")).isTrue();
        Generation.Lease<SchemaCatalog> made = next.lease("tables");
        next.takeEffect();
        one.close();
        one.close();
        assertThat(closed).isEmpty();
        assertThat(other.value()).isNotSameAs(made.value());

        other.close();
        assertThat(closed).containsExactly("a");
        made.close();
        assertThat(closed).as("the one in force").containsExactly("a");
    }

    @Test
    void a_catalog_that_did_not_change_is_not_opened_again_and_replaces_nothing()
            throws IOException {
        takeEffect("tables=a", "others=b");

        CatalogRegistry.Change next = registry.prepare(catalogs("tables=a", "others=c"));

        assertThat(next.replaces("tables")).isFalse();
        assertThat(next.replaces("others")).isTrue();
        assertThat(opened).containsExactly("a", "b", "c");
    }

    @Test
    void a_change_that_is_refused_leaves_what_was_there() throws IOException {
        takeEffect("tables=a");
        CatalogRegistry.Change next = registry.prepare(catalogs("tables=b", "others=c"));
        Generation.Lease<SchemaCatalog> made = next.lease("tables");
        next.close();
        assertThat(closed).as("components have the other").containsExactly("c");
        made.close();

        assertThat(closed).containsExactly("c", "b");
        assertThat(registry.prepare(catalogs("tables=a")).replaces("tables")).isFalse();
    }

    @Test
    void a_catalog_that_is_gone_is_closed_when_nobody_works_with_it() throws IOException {
        CatalogRegistry.Change first = takeEffect("tables=a", "others=b");
        Generation.Lease<SchemaCatalog> lease = first.lease("tables");

        CatalogRegistry.Change next = takeEffect();

        assertThat(closed).containsExactly("b");
        assertThatThrownBy(() -> next.lease("tables"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("catalog tables is not configured");
        lease.close();
        assertThat(closed).containsExactly("b", "a");
    }

    @Test
    void at_the_end_all_are_closed() throws IOException {
        takeEffect("tables=a").lease("tables");
        takeEffect("tables=b");

        registry.close();

        assertThat(closed).containsExactlyInAnyOrder("a", "b");
    }
}
