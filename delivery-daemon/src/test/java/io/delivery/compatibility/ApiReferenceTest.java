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
    void every_test_that_a_row_points_to_is_there_and_about_its_member() {
        TestSources sources = TestSources.read();

        assertThat(
                        table.rows().stream()
                                .flatMap(row -> row.test().stream())
                                .filter(test -> !sources.have(test)))
                .isEmpty();
        assertThat(
                        table.rows().stream()
                                .filter(row -> row.test().isPresent())
                                .filter(
                                        row ->
                                                !sources.areAbout(
                                                        row.test().orElseThrow(), row.member()))
                                .map(row -> row.key() + ": " + row.test().orElseThrow()))
                .as("rows whose test does not speak of the member: name a method of it")
                .isEmpty();
    }

    @Test
    void a_test_that_does_not_speak_of_a_member_is_not_about_it() {
        TestSources sources = TestSources.read();

        assertThat(sources.have("NoSuchTest")).isFalse();
        assertThat(sources.have("ApiReferenceTest.no_such_method")).isFalse();
        assertThat(sources.areAbout("GlobTest", "EnableDictionaryCompression")).isFalse();
        assertThat(sources.areAbout("ParquetOfTheApiTest", "EnableDictionaryCompression")).isTrue();
    }
}
