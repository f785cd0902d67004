package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition;
import io.delivery.loading.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store that a proof lands in. */
class ProofPartsTest {
    @TempDir Path folder;

    @Test
    void the_key_of_a_store_is_read_from_the_same_file_as_before() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "[default]\n");
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        "stores: {lake: {s3: {credentialsFile: key}}}\n");
        StoreDefinition.S3 store =
                (StoreDefinition.S3)
                        new ConfigLoader(Map.of(), Programs.OURS)
                                .load(file)
                                .config()
                                .stores()
                                .get(0)
                                .definition();

        assertThat(ProofParts.yaml(store, false))
                .filteredOn(member -> member.startsWith("credentialsFile: "))
                .singleElement()
                .asString()
                .contains(key.toAbsolutePath().toString());
    }
}
