package io.delivery.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.compatibility.ApiModel.Member;
import io.delivery.compatibility.ApiModel.Side;
import io.delivery.compatibility.MemberTable.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ApiReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference/api.md");
    private static final Path OVERVIEW = Path.of("../docs/compatibility.md");

    private final ApiModel model = ApiModel.read();
    private final MemberTable table = MemberTable.read();

    private List<Member> members() {
        List<Member> all = new ArrayList<>();
        for (String operation : model.operations()) {
            for (Side side : Side.values()) {
                all.addAll(model.members(operation, side, table::isEnd));
            }
        }
        return all;
    }

    @Test
    void the_page_in_docs_is_what_the_tables_say() throws Exception {
        String generated = new ApiPage(model, table, CapturedTexts.read()).markdown();

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PAGE, generated);
        }

        assertThat(PAGE).as("run with -Dupdate.docs=true to write it anew").hasContent(generated);
    }

    @Test
    void the_operations_in_the_overview_are_what_the_table_says() throws Exception {
        ApiPage page = new ApiPage(model, table, CapturedTexts.read());
        String before = Files.readString(OVERVIEW);

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(OVERVIEW, page.overviewIn(before));
        }

        assertThat(OVERVIEW)
                .as("run with -Dupdate.docs=true to write it anew")
                .hasContent(page.overviewIn(before));
    }

    @Test
    void every_member_of_every_operation_is_in_the_table() {
        assertThat(members().stream().filter(member -> table.of(member).isEmpty()))
                .as("members of which members.yaml says nothing")
                .isEmpty();
    }

    @Test
    void every_row_of_the_table_is_about_a_member_that_the_model_has() {
        Set<String> used = new TreeSet<>();
        for (Member member : members()) {
            table.of(member).ifPresent(row -> used.add(row.key()));
            for (String word : model.words(member.shape())) {
                table.of(member, word).ifPresent(row -> used.add(row.key()));
            }
        }

        assertThat(table.rows().stream().map(Row::key).filter(key -> !used.contains(key)))
                .as("rows of members.yaml that speak of no member of the model")
                .isEmpty();
    }

    @Test
    void a_row_has_a_text_or_a_test_and_only_answers_lack_members() {
        for (Member member : members()) {
            Row row = table.of(member).orElseThrow();
            boolean ofInput = member.side() == Side.INPUT;
            switch (row.kind()) {
                case SUPPORTED -> assertThat(row.test()).as(row.key()).isPresent();
                case KEPT -> assertThat(row.text()).as(row.key()).isNotBlank();
                case DIFFERS -> {
                    assertThat(row.text()).as(row.key()).isNotBlank();
                    assertThat(row.test()).as(row.key()).isPresent();
                }
                case REFUSED -> assertThat(ofInput).as(row.key()).isTrue();
                case ABSENT -> assertThat(ofInput).as(row.key()).isFalse();
            }
        }
    }

    @Test
    void every_test_that_a_row_points_to_is_there() throws Exception {
        Set<String> classes = testClasses();

        assertThat(
                        table.rows().stream()
                                .flatMap(row -> row.test().stream())
                                .filter(test -> !classes.contains(test)))
                .isEmpty();
    }

    private static Set<String> testClasses() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            return files.filter(file -> file.toString().contains("/src/test/java/"))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
