package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.AccessKey;
import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionRunner.Runtime;
import io.delivery.config.FunctionSettings;
import io.delivery.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionLoadingTest {
    @TempDir Path folder;

    @Test
    void every_setting_of_a_function_with_a_runtime_is_read() {
        ConfigFile file =
                ConfigFile.in(
                                folder,
                                """
                                functions:
                                  enrich:
                                    runtime: python
                                    code: functions/enrich
                                    handler: enrich.handler
                                    memory: 512MB
                                    environment: {TABLE: '${TABLE}', EMPTY: ''}
                                    timeout: 90s
                                    concurrency: 4
                                """)
                        .with("TABLE", "customers");

        assertThat(file.load().config().functions())
                .containsExactly(
                        new FunctionSettings(
                                "enrich",
                                new FunctionRunner.Process(
                                        Runtime.PYTHON,
                                        folder.resolve("functions/enrich"),
                                        Optional.of("enrich.handler"),
                                        512L << 20,
                                        Map.of(
                                                "TABLE",
                                                new Secret("customers"),
                                                "EMPTY",
                                                new Secret(""))),
                                Duration.ofSeconds(90),
                                4));
    }

    @Test
    void what_a_function_leaves_out_has_its_documented_default() {
        assertThat(function("{runtime: provided, code: f}"))
                .isEqualTo(
                        new FunctionSettings(
                                "f",
                                new FunctionRunner.Process(
                                        Runtime.PROVIDED,
                                        folder.resolve("f"),
                                        Optional.empty(),
                                        128L << 20,
                                        Map.of()),
                                Duration.ofSeconds(60),
                                2));
    }

    @Test
    void an_endpoint_alone_takes_events_and_beside_an_arn_it_is_where_the_api_is() {
        URI endpoint = URI.create("http://localhost:4566");

        assertThat(function("{endpoint: 'http://localhost:4566'}").runner())
                .isEqualTo(new FunctionRunner.Endpoint(endpoint));
        assertThat(
                        function(
                                        "{arn: enrich, endpoint: 'http://localhost:4566', region: eu-west-1,"
                                                + " credentials: {accessKeyId: a, secretAccessKey: s}}")
                                .runner())
                .isEqualTo(
                        new FunctionRunner.Lambda(
                                "enrich",
                                Optional.of(endpoint),
                                Optional.of("eu-west-1"),
                                Optional.of(new AccessKey("a", new Secret("s")))));
    }

    @Test
    void a_plugin_has_a_class_and_settings_and_plugins_have_a_folder() {
        ConfigFile file =
                ConfigFile.in(
                        folder,
                        """
                        plugins: jars
                        functions: {p: {plugin: com.example.P, settings: {table: t, limit: 5}}}
                        """);

        assertThat(file.load().config().functions().get(0).runner())
                .isEqualTo(
                        new FunctionRunner.Plugin(
                                "com.example.P", Map.of("table", "t", "limit", "5")));
        assertThat(file.load().config().plugins()).isEqualTo(folder.resolve("jars"));
        assertThat(ConfigFile.in(folder, "plugins: .").load().config().plugins()).isEqualTo(folder);
        assertThat(ConfigFile.in(folder, "streams: {}").load().config().plugins())
                .isEqualTo(folder.resolve("plugins"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                     | 1 functions.f: must have one of runtime, endpoint, arn and plugin",
                "{runtime: python, arn: a}              | 1 functions.f: must have one of runtime, endpoint, arn and plugin",
                "{plugin: P, endpoint: 'http://h'}      | 1 functions.f: must have one of runtime, endpoint, arn and plugin",
                "{runtime: python, handler: a.b}        | 1 functions.f.code: must be given",
                "{runtime: python, code: f}             | 1 functions.f.handler: must be given",
                "{runtime: pyton, code: f}              | 1 functions.f.runtime: must be one of python, nodejs, java, provided, was pyton; did you mean python?",
                "{runtime: python3.11, code: f}         | 1 functions.f.runtime: must be one of python, nodejs, java, provided, was python3.11; did you mean python?",
                "{runtime: nodejs20.x, code: f}         | 1 functions.f.runtime: must be one of python, nodejs, java, provided, was nodejs20.x; did you mean nodejs?",
                "{runtime: java17, code: f}             | 1 functions.f.runtime: must be one of python, nodejs, java, provided, was java17; did you mean java?",
                "{runtime: java8.al2, code: f}          | 1 functions.f.runtime: must be one of python, nodejs, java, provided, was java8.al2; did you mean java?",
                "{runtime: provided.al2023, code: f}    | 1 functions.f.runtime: must be one of python, nodejs, java, provided, was provided.al2023; did you mean provided?",
                "{runtime: provided, code: f, memory: 64MB} | 1 functions.f.memory: must be 128MB to 10240MB, was 64 MB",
                "{runtime: provided, code: f, memory: 11GB} | 1 functions.f.memory: must be 128MB to 10240MB, was 11 GB",
                "{runtime: provided, code: f, settings: {a: b}} | 1 functions.f.settings: goes with plugin, but runtime is given",
                "{endpoint: 'http://h', code: f}        | 1 functions.f.code: goes with runtime, but endpoint is given",
                "{endpoint: 'http://h', region: r}      | 1 functions.f.region: goes with arn, but endpoint is given",
                "{arn: a, memory: 128MB}                | 1 functions.f.memory: goes with runtime, but arn is given",
                "{arn: a, environment: {A: b}}          | 1 functions.f.environment: goes with runtime, but arn is given",
                "{plugin: P, credentials: {accessKeyId: a, secretAccessKey: s}} | 1 functions.f.credentials: goes with arn, but plugin is given",
                "{plugin: P, timeout: 5s}               | 1 functions.f.timeout: does not go with plugin, which decides on it itself",
                "{plugin: P, concurrency: 3}            | 1 functions.f.concurrency: does not go with plugin, which decides on it itself",
                "{endpoint: 'ftp://h'}                  | 1 functions.f.endpoint: must be a URL such as http://minio:9000, was ftp://h",
                "{endpoint: 'http://h', timeout: 500ms} | 1 functions.f.timeout: must be 1s to 300s, was 0.5 s",
                "{endpoint: 'http://h', timeout: 301s}  | 1 functions.f.timeout: must be 1s to 300s, was 301.0 s",
                "{endpoint: 'http://h', timeout: 60}    | 1 functions.f.timeout: needs a unit, was 60; did you mean 60s?",
                "{endpoint: 'http://h', concurrency: 0} | 1 functions.f.concurrency: must be 1 to 64, was 0",
                "{endpoint: 'http://h', concurrency: 65} | 1 functions.f.concurrency: must be 1 to 64, was 65",
                "{runtime: provided, code: f, layers: [a]} | 1 functions.f.layers: not supported: put what they hold into code; supported here: runtime, code, handler, memory, environment, endpoint, arn, region, credentials, plugin, settings, timeout, concurrency",
            })
    void what_a_function_may_not_say_is_refused(String settings, String problem) {
        assertThat(ConfigFile.in(folder, "functions: {f: %s}".formatted(settings)).problems())
                .containsExactly(problem);
    }

    @Test
    void a_name_that_no_function_of_lambda_could_have_is_refused() {
        assertThat(ConfigFile.in(folder, "functions: {a.b: {endpoint: 'http://h'}}").problems())
                .containsExactly(
                        "1 functions.a.b: a function's name has 1 to 64 of [a-zA-Z0-9_-], was a.b");
    }

    @Test
    void no_message_shows_what_a_variable_of_the_environment_holds() {
        List<String> problems =
                ConfigFile.in(
                                folder,
                                "functions: {f: {endpoint: 'http://h', environment: {A: '${SECRET}'},"
                                        + " credentials: '${SECRET}'}}")
                        .with("SECRET", "top-secret-value")
                        .problems();

        assertThat(problems).hasSize(2).noneMatch(problem -> problem.contains("top-secret-value"));
    }

    private FunctionSettings function(String settings) {
        return ConfigFile.in(folder, "functions: {f: %s}".formatted(settings))
                .load()
                .config()
                .functions()
                .get(0);
    }
}
