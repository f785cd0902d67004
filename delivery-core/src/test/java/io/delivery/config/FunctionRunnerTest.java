package io.delivery.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.FunctionRunner.Runtime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FunctionRunnerTest {
    private static List<String> problems(Map<String, Secret> environment) {
        ConfigProblems problems = new ConfigProblems();
        new FunctionRunner.Process(
                        Runtime.PYTHON,
                        Path.of("code"),
                        Optional.of("a.b"),
                        128L << 20,
                        environment)
                .validate("functions.enrich", problems);
        return problems.all().stream().map(Object::toString).toList();
    }

    @Test
    void variables_of_a_functions_own_and_keys_of_aws_may_be_set() {
        Secret value = new Secret("v");

        assertThat(problems(Map.of("TABLE", value, "AWS_ACCESS_KEY_ID", value, "PATH", value)))
                .isEmpty();
    }

    @Test
    void variables_that_every_function_has_are_refused() {
        for (String name : FunctionRunner.Process.RESERVED_VARIABLES) {
            assertThat(problems(Map.of(name, new Secret("v"))))
                    .singleElement()
                    .asString()
                    .contains("functions.enrich.environment." + name)
                    .contains("is set for every function");
        }
    }

    @Test
    void what_no_environment_can_hold_is_refused_and_the_value_is_not_shown() {
        assertThat(problems(Map.of("2A", new Secret("v")))).hasSize(1);
        assertThat(problems(Map.of("A=B", new Secret("v")))).hasSize(1);
        assertThat(problems(Map.of("", new Secret("v")))).hasSize(1);
        assertThat(problems(Map.of("A", new Secret("secret\0"))))
                .singleElement()
                .asString()
                .contains("must not have the character NUL")
                .doesNotContain("secret");
    }
}
