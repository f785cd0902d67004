package io.delivery.catalog;

import io.delivery.format.SchemaCatalog;
import io.delivery.testkit.contract.SchemaCatalogContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FileCatalogContractTest extends SchemaCatalogContract {
    @TempDir private Path directory;
    private SchemaCatalog catalog;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectory(directory.resolve("shop"));
        catalog = new FileCatalog(directory, format -> {});
    }

    @Override
    protected SchemaCatalog catalog() {
        return catalog;
    }

    @Override
    protected void put(String name, String... columns) throws IOException {
        String yaml =
                Arrays.stream(columns)
                        .map(column -> "{name: %s, type: string}".formatted(column))
                        .collect(Collectors.joining(", ", "columns: [", "]\n"));
        Files.writeString(directory.resolve("shop").resolve(name + ".yaml"), yaml);
    }

    @Override
    protected void putVersion(String name, int number, String... columns) throws IOException {
        put(name + "@" + number, columns);
    }

    @Override
    protected void spoil(String name) throws IOException {
        Files.writeString(directory.resolve("shop").resolve(name + ".yaml"), "columns: [{na");
    }
}
