package io.delivery.glue;

import io.delivery.testkit.FakeGlue;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;

class FakeGlueCatalogTest extends GlueCatalogContract {
    private final FakeGlue glue = FakeGlue.start();

    @Override
    URI endpoint() {
        return glue.endpoint();
    }

    @Override
    void write(String table, String type, String... columns) {
        glue.put("shop", table, FakeGlue.columns(type, columns));
    }

    @Override
    void remove(String table) {
        glue.remove("shop", table);
    }

    @AfterEach
    void stop() {
        glue.close();
    }
}
