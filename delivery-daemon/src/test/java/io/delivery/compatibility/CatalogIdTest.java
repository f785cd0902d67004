package io.delivery.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.loading.ConfigLoader;
import io.delivery.wiring.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which catalog a SchemaConfiguration means. */
class CatalogIdTest {
    private static final String FILES = "%s: {file: schemas}";
    private static final String GLUE = "%s: {glue: {region: us-east-1, catalogId: '%s'}}";

    @TempDir private Path folder;

    /**
     * The name of the catalog.
     *
     * @param id empty: none is given
     */
    private String meantBy(String id, String... catalogs) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        stores: {lake: {directory: lake}}
                        buckets: [{match: '*', store: lake}]
                        catalogs: {%s}
                        """
                                .formatted(String.join(", ", catalogs)));
        NamesOf names = new NamesOf(new ConfigLoader(Map.of(), Programs.OURS).load(file).config());
        List<String> member =
                List.of("DataFormatConversionConfiguration", "SchemaConfiguration", "CatalogId");
        ObjectNode destination = SampleStreams.destinationFor(member);
        ObjectNode schema = (ObjectNode) SampleStreams.at(destination, member.subList(0, 2));
        schema.remove("CatalogId");
        if (!id.isEmpty()) {
            schema.put("CatalogId", id);
        }
        ObjectNode request = ApiCaller.named("sample");
        request.set("ExtendedS3DestinationConfiguration", destination);
        return DefinitionReader.accept(names, "sample", ApiDefinition.of(request))
                .format()
                .choose(
                        raw -> {
                            throw new AssertionError("it converts");
                        },
                        converted -> converted.schema().catalog());
    }

    @Test
    void it_is_the_one_of_that_name() throws Exception {
        assertThat(meantBy("b", FILES.formatted("a"), FILES.formatted("b"))).isEqualTo("b");
    }

    @Test
    void it_is_the_one_of_glue_with_that_id() throws Exception {
        assertThat(
                        meantBy(
                                "111122223333",
                                GLUE.formatted("a", "444455556666"),
                                GLUE.formatted("b", "111122223333")))
                .isEqualTo("b");
    }

    @Test
    void it_is_the_only_one_of_glue_whatever_the_account() throws Exception {
        String[] both = {FILES.formatted("a"), GLUE.formatted("b", "444455556666")};

        assertThat(meantBy("111122223333", both)).isEqualTo("b");
        assertThat(meantBy("", both)).isEqualTo("b");
    }

    @Test
    void it_is_the_only_one_there_is() throws Exception {
        assertThat(meantBy("111122223333", FILES.formatted("a"))).isEqualTo("a");
    }

    @Test
    void it_is_refused_where_it_could_be_several() {
        assertThatThrownBy(() -> meantBy("c", FILES.formatted("a"), FILES.formatted("b")))
                .isInstanceOf(ApiException.class)
                .hasMessage(
                        "SchemaConfiguration.CatalogId must name one of the catalogs a, b, was c.");
        assertThatThrownBy(() -> meantBy("", FILES.formatted("a"), FILES.formatted("b")))
                .hasMessage(
                        "SchemaConfiguration.CatalogId must name one of the catalogs a, b, was absent.");
    }

    @Test
    void it_is_refused_where_there_is_no_catalog() {
        assertThatThrownBy(() -> meantBy("a"))
                .hasMessageStartingWith("No catalog is configured for SchemaConfiguration");
    }
}
