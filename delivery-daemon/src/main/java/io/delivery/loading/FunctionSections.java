package io.delivery.loading;

import static io.delivery.loading.Types.DURATION;
import static io.delivery.loading.Types.ENDPOINT;
import static io.delivery.loading.Types.NUMBER;
import static io.delivery.loading.Types.PATH;
import static io.delivery.loading.Types.SECRET;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.AccessKey;
import io.delivery.config.ByteSize;
import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionRunner.Process;
import io.delivery.config.FunctionRunner.Runtime;
import io.delivery.config.FunctionSettings;
import io.delivery.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Transformation functions: where each runs, and what that kind of place needs. */
final class FunctionSections {
    private static final String ONE_OF = "one of runtime, endpoint, arn and plugin";
    private static final FunctionRunner PLACEHOLDER =
            new FunctionRunner.Endpoint(URI.create("http://localhost"));

    private static final Field<Runtime> RUNTIME =
            Field.of(
                            "runtime",
                            Types.oneOf(Runtime.class),
                            "The function runs here, in processes of its own. provided starts an"
                                    + " executable with the name `bootstrap`. Without a version,"
                                    + " unlike AWS: python and nodejs are those on the PATH, java"
                                    + " is the one that the service runs on.")
                    .byDefault(ONE_OF)
                    .example("python");
    private static final Field<Path> CODE =
            Field.of(
                            "code",
                            PATH,
                            "With runtime: a folder, a `.zip` or a `.jar`, as it is given to Lambda.")
                    .byDefault("must be given with runtime")
                    .example("functions/enrich");
    private static final Field<String> HANDLER =
            Field.of(
                            "handler",
                            TEXT,
                            "With runtime: what is called, as Lambda writes it:"
                                    + " `module.function`, `package.Class::method`.")
                    .byDefault("must be given with runtime, but for provided")
                    .example("enrich.handler");
    private static final Field<Integer> MEMORY =
            Field.of(
                            "memory",
                            Types.MEGABYTES,
                            "With runtime: what the function is told that it may use; Java gets it"
                                    + " as its heap. Nothing ends a process that takes more.")
                    .byDefault(ByteSize.setting(Process.DEFAULT_MEMORY_BYTES))
                    .bounded("128MB to 10GB")
                    .example("512MB");
    private static final Field<Map<String, Secret>> ENVIRONMENT =
            Field.of(
                            "environment",
                            Types.byName(SECRET),
                            "With runtime: environment variables, beside those of Lambda. The"
                                    + " service's own are not passed on.")
                    .byDefault("none")
                    .example("{TABLE: customers}");

    private static final Field<URI> ENDPOINT_URI =
            Field.of(
                            "endpoint",
                            ENDPOINT,
                            "Alone: where the event is sent with POST, such as a container of Lambda"
                                    + " (`http://host:8080/2015-03-31/functions/function/invocations`)."
                                    + " With arn: where Lambda's API answers.")
                    .byDefault(ONE_OF + "; with arn: AWS, by region")
                    .example("http://localhost:4566");
    private static final Field<String> ARN =
            Field.of(
                            "arn",
                            TEXT,
                            "A function of AWS Lambda, or of what speaks its API: its ARN or name,"
                                    + " with `:version` or `:alias` or without.")
                    .byDefault(ONE_OF)
                    .example("arn:aws:lambda:us-east-1:111122223333:function:enrich");
    private static final Field<String> REGION =
            Field.of("region", TEXT, "With arn: the region of the function.")
                    .byDefault("that of the ARN")
                    .example("eu-central-1");
    private static final Field<AccessKey> CREDENTIALS =
            Field.of(
                            "credentials",
                            Types.section(
                                    Section.of(
                                            "functions.NAME.credentials",
                                            "Static credentials for Lambda's API.",
                                            ServerSections.ACCESS_KEY_ID,
                                            ServerSections.SECRET_ACCESS_KEY),
                                    ServerSections::accessKey),
                            "With arn: static credentials.")
                    .byDefault("the AWS SDK's default chain");

    private static final Field<String> PLUGIN =
            Field.of(
                            "plugin",
                            TEXT,
                            "A class of a jar in the folder plugins: a processor that runs in this"
                                    + " process.")
                    .byDefault(ONE_OF)
                    .example("com.example.Enrich");
    private static final Field<Map<String, String>> SETTINGS =
            Field.of("settings", Types.byName(TEXT), "With plugin: its own settings.")
                    .byDefault("none")
                    .example("{table: customers.csv}");

    private static final Field<Duration> TIMEOUT =
            Field.of(
                            "timeout",
                            DURATION,
                            "How long one invocation may take. Not with plugin, which decides itself.")
                    .byDefault(Units.setting(FunctionSettings.DEFAULT_TIMEOUT))
                    .bounded("1s to 300s")
                    .example("5m")
                    .api("the time-out of the Lambda function");
    private static final Field<Integer> CONCURRENCY =
            Field.of(
                            "concurrency",
                            NUMBER,
                            "Invocations that may be under way at a time, over all streams; with"
                                    + " runtime so many processes. Not with plugin, which decides"
                                    + " itself.")
                    .byDefault(String.valueOf(FunctionSettings.DEFAULT_CONCURRENCY))
                    .bounded("1 to " + FunctionSettings.MAX_CONCURRENCY)
                    .example("4");

    private static final Section FUNCTION =
            Section.of(
                            "functions.NAME",
                            "A transformation function; it has "
                                    + ONE_OF
                                    + ". NAME has 1 to 64 of [a-zA-Z0-9_-], and is what streams"
                                    + " call it.",
                            RUNTIME,
                            CODE,
                            HANDLER,
                            MEMORY,
                            ENVIRONMENT,
                            ENDPOINT_URI,
                            ARN,
                            REGION,
                            CREDENTIALS,
                            PLUGIN,
                            SETTINGS,
                            TIMEOUT,
                            CONCURRENCY)
                    .without(
                            Map.of(
                                    "image",
                                    "start the container yourself and name its endpoint",
                                    "layers",
                                    "put what they hold into code",
                                    "role",
                                    "a function with runtime gets credentials by environment",
                                    "retries",
                                    "a stream's processors say it: {lambda: {function: …, retries: …}}",
                                    "buffer",
                                    "a stream's processors say it: {lambda: {function: …, buffer: …}}"));

    static final ValueType<List<FunctionSettings>> FUNCTIONS =
            Types.named("functions", FUNCTION, FunctionSections::function);

    private FunctionSections() {}

    private static Optional<FunctionSettings> function(YamlValue value) {
        return value.section(FUNCTION)
                .map(
                        in ->
                                new FunctionSettings(
                                        StoreSections.nameOf(value, "functions"),
                                        runner(value, in),
                                        in.get(TIMEOUT).orElse(FunctionSettings.DEFAULT_TIMEOUT),
                                        in.get(CONCURRENCY)
                                                .orElse(FunctionSettings.DEFAULT_CONCURRENCY)));
    }

    private static FunctionRunner runner(YamlValue value, SectionValues in) {
        List<Field<?>> kinds = new ArrayList<>();
        for (Field<?> kind : List.of(RUNTIME, ARN, PLUGIN)) {
            if (in.has(kind)) {
                kinds.add(kind);
            }
        }
        // Beside arn it says where Lambda's API is.
        if (in.has(ENDPOINT_URI) && !in.has(ARN)) {
            kinds.add(ENDPOINT_URI);
        }
        if (kinds.size() != 1) {
            value.problem("must have " + ONE_OF);
            return PLACEHOLDER;
        }
        Field<?> kind = kinds.get(0);
        refuseOthers(kind, in);
        if (kind == RUNTIME) {
            return process(in);
        }
        if (kind == ARN) {
            return new FunctionRunner.Lambda(
                    in.required(ARN, "?"),
                    in.get(ENDPOINT_URI),
                    in.get(REGION),
                    in.get(CREDENTIALS));
        }
        if (kind == PLUGIN) {
            return new FunctionRunner.Plugin(
                    in.required(PLUGIN, "?"), in.get(SETTINGS).orElse(Map.of()));
        }
        return in.get(ENDPOINT_URI)
                .<FunctionRunner>map(FunctionRunner.Endpoint::new)
                .orElse(PLACEHOLDER);
    }

    private static FunctionRunner process(SectionValues in) {
        Runtime runtime = in.get(RUNTIME).orElse(Runtime.PROVIDED);
        return new Process(
                runtime,
                in.required(CODE, Path.of("")),
                in.get(HANDLER),
                in.get(MEMORY).map(mb -> (long) mb << 20).orElse(Process.DEFAULT_MEMORY_BYTES),
                in.get(ENVIRONMENT).orElse(Map.of()));
    }

    /** Nothing is read and then not used. */
    private static void refuseOthers(Field<?> kind, SectionValues in) {
        Map<Field<?>, Field<?>> goesWith = new LinkedHashMap<>();
        List.of(CODE, HANDLER, MEMORY, ENVIRONMENT).forEach(f -> goesWith.put(f, RUNTIME));
        List.of(REGION, CREDENTIALS).forEach(f -> goesWith.put(f, ARN));
        goesWith.put(SETTINGS, PLUGIN);
        goesWith.forEach(
                (field, needed) -> {
                    if (in.has(field) && needed != kind) {
                        in.problem(
                                field,
                                "goes with %s, but %s is given"
                                        .formatted(needed.name(), kind.name()));
                    }
                });
        for (Field<?> field : List.of(TIMEOUT, CONCURRENCY)) {
            if (kind == PLUGIN && in.has(field)) {
                in.problem(field, "does not go with plugin, which decides on it itself");
            }
        }
    }
}
