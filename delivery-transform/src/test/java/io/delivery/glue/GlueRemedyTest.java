package io.delivery.glue;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.CatalogException;
import io.delivery.format.SchemaProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GlueRemedyTest {
    @ParameterizedTest
    @EnumSource(GlueRemedy.class)
    void the_page_for_users_has_each_code(GlueRemedy remedy) throws Exception {
        String page = Files.readString(Path.of("../docs/glue.md"));
        SchemaProblem problem = new SchemaProblem(remedy.cause(), "", 0, "table", "x");

        assertThat(page)
                .contains(
                        "`" + new CatalogException(remedy.reason(), List.of(problem)).code() + "`");
    }
}
