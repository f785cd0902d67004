package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret in a wrong setting is told by the text that stands in the file. */
class SubstitutedTest {
    private static final Pattern SECTION = Pattern.compile("## `(.+)`");
    private static final Pattern FIELD = Pattern.compile("\\| `(\\w+)` \\| .*");

    @TempDir Path folder;

    /** Secrets of several shapes, for each rule quotes what it takes for its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                "123456789012345678901234567890",
                "s3cret!{oopsAPassphrase:hidden-name}!{oopsAPassphrase",
                ".secret | passphrase(correct) horse battery",
                "https://user:passphrase@correct.horse/battery?staple=1",
                "300s-and-a-passphrase",
                "[passphrase"
            })
    void no_setting_shows_what_a_reference_stands_for(String secret) {
        int told = 0;
        for (String setting : settings()) {
            List<String> problems =
                    ConfigFile.in(folder, setting).with("SECRET", secret).problems();
            told += problems.size();

            assertThat(problems).as(setting).noneMatch(p -> showsPart(p, secret));
        }
        assertThat(told).isGreaterThan(100);
    }

    /** Ten characters of a secret are more than a beginning. */
    private static boolean showsPart(String problem, String secret) {
        for (int at = 0; at + 10 <= secret.length(); at++) {
            if (problem.contains(secret.substring(at, at + 10))) {
                return true;
            }
        }
        return false;
    }

    /** Each setting of the reference alone, with a reference as its value. */
    private static List<String> settings() {
        List<String> settings = new ArrayList<>();
        String section = "";
        for (String line : ConfigReference.markdown().lines().toList()) {
            Matcher heading = SECTION.matcher(line);
            Matcher field = FIELD.matcher(line);
            if (heading.matches()) {
                section = heading.group(1);
            } else if (field.matches()) {
                settings.add(yaml(section, field.group(1)));
                settings.add(yaml(section, field.group(1)).replace("'${SECRET}'", "['${SECRET}']"));
            }
        }
        return settings;
    }

    private static String yaml(String section, String field) {
        StringBuilder text = new StringBuilder();
        StringBuilder end = new StringBuilder();
        for (String step : (section + "." + field).split("\\.")) {
            boolean list = step.endsWith("[]");
            String name = step.equals("NAME") ? "n" : step.replace("[]", "");
            text.append("{").append(name).append(": ").append(list ? "[" : "");
            end.insert(0, list ? "]}" : "}");
        }
        return text + "'${SECRET}'" + end + "\n";
    }

    @Test
    void the_text_of_the_file_stands_in_the_message() {
        ConfigFile.write(folder.resolve("s"), "wJalrXUtnFEMI/K7MDENG\n");

        assertThat(
                        ConfigFile.in(
                                        folder,
                                        "server: {region: '${file:s}', account: '${SHORT}'}\n"
                                                + ConfigFile.STORES)
                                .with("SHORT", "x")
                                .problems())
                .containsExactly(
                        "1 server.region: must be a region such as us-east-1, was ${file:s}",
                        "1 server.account: must have 12 digits, was ${SHORT}");
    }

    @Test
    void a_message_that_quotes_a_part_says_only_where_it_comes_from() {
        Substituted substituted = new Substituted();
        substituted.add("a.b", "${KEY}", "passphrase-of-somebody");

        assertThat(substituted.hide("a.b", "unknown namespace phrase-of-somebody"))
                .isEqualTo("is wrong as it is resolved from ${KEY}; its value is not shown");
        assertThat(substituted.hide("a.b", "must be lower case, was PASSPHRASE-OF-SOMEBODY"))
                .doesNotContain("PHRASE");
        assertThat(substituted.hide("c.d", "both were passphrase-of-somebody"))
                .isEqualTo("both were ${KEY}");
        assertThat(substituted.hide("c.d", "must be a phrase")).isEqualTo("must be a phrase");
    }
}
