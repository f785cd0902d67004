package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code function invoke} with the real processors. */
class FunctionInvokeTest {
    private static final Path EXAMPLES = Path.of("../config-examples");

    @TempDir Path folder;

    private ProgramRun invoke(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "function";
        all[1] = "invoke";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return ProgramRun.of(Map.of(), all);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void samples_pass_all_processors_of_a_stream_and_nothing_is_touched() throws Exception {
        ProgramRun run =
                invoke(
                        "--stream",
                        "orders",
                        file("orders.csv", "1,c1,today,12.50,fast\n2,test,today,1,\n3,c1\n"),
                        "--config",
                        EXAMPLES.resolve("csv-parquet.yaml").toString());

        assertThat(run.out().replaceAll("\\d+ ms", "0 ms"))
                .startsWith("record 1: Ok, 0 ms\n  {\"order_id\":\"1\",\"customer_id\":\"")
                .contains("\"amount\":12.5", "record 2: Dropped, 0 ms\n")
                .contains("record 3: ProcessingFailed, 0 ms\n  Processing.CsvFailed, 1 try: ")
                .doesNotContain("c1");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(Path.of("../target/orders")).doesNotExist();
    }

    @Test
    void compressed_samples_are_decompressed_and_split_as_the_stream_says() throws Exception {
        String config =
                file(
                        "delivery.yaml",
                        """
                        stores: {lake: {directory: lake}}
                        streams:
                          logs:
                            decompression: gzip
                            cloudWatchLogs: {extractMessages: true}
                            split: json
                            processors: [{jq: '.n + 1'}]
                            destination: {bucket: b}
                        """);
        String envelope =
                "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\",\"logGroup\":\"g\",\"logStream\":\"s\","
                        + "\"subscriptionFilters\":[],\"logEvents\":["
                        + "{\"id\":\"1\",\"timestamp\":1,\"message\":\"{\\\"n\\\":1}\"},"
                        + "{\"id\":\"2\",\"timestamp\":1,\"message\":\"{\\\"n\\\":2}\"}]}";
        Path sample = Files.write(folder.resolve("sample.gz"), gzip(envelope));

        ProgramRun run =
                invoke(
                        "--stream",
                        "logs",
                        sample.toString(),
                        "--records",
                        "file",
                        "--config",
                        config);

        assertThat(run.out().replaceAll("\\d+ ms", "0 ms"))
                .isEqualTo(
                        """
                        record 1, part 1: Ok, 0 ms
                          2
                          would land under !{timestamp:yyyy/MM/dd/HH/}
                        record 1, part 2: Ok, 0 ms
                          3
                          would land under !{timestamp:yyyy/MM/dd/HH/}
                        """);
        assertThat(run.exitCode()).isZero();
        assertThat(invoke("--stream", "logs", config, "--config", config).out())
                .contains("Decompression failed.");
    }

    @Test
    void a_record_that_partitioning_refuses_fails_and_the_others_show_their_prefix()
            throws Exception {
        String config =
                file(
                        "delivery.yaml",
                        """
                        stores: {lake: {directory: lake}}
                        streams:
                          s:
                            processors: [{jq: '{id: .n}'}]
                            partitioning: {query: '{id}'}
                            destination:
                              bucket: b
                              prefix: 'id=!{partitionKeyFromQuery:id}/!{timestamp:yyyy}/'
                              errorPrefix: errors/
                        """);

        ProgramRun run =
                invoke(
                        "--stream",
                        "s",
                        file("samples", "{\"n\":\"a\"}\n{}\n{\"n\":\"..\"}\n"),
                        "--config",
                        config);

        assertThat(run.out().replaceAll("\\d+ ms", "0 ms"))
                .isEqualTo(
                        """
                        record 1: Ok, 0 ms
                          {"id":"a"}
                          would land under id=a/!{timestamp:yyyy}/
                        record 2: ProcessingFailed, 0 ms
                          DynamicPartitioning.MetadataExtractionFailed, 1 try: partitionKeys values must not be null or empty: partitionKeyFromQuery:id
                          {"id":null}
                        record 3: Ok, 0 ms
                          {"id":".."}
                          would land under id=../!{timestamp:yyyy}/
                        """);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(
                        invoke(
                                        "--stream",
                                        "s",
                                        folder.resolve("samples").toString(),
                                        "--json",
                                        "--config",
                                        config)
                                .out())
                .contains(
                        "\"prefix\" : \"id=a/!{timestamp:yyyy}/\"",
                        "\"errorCode\" : \"DynamicPartitioning.MetadataExtractionFailed\"");
    }

    @Test
    void a_function_whose_keys_do_not_fit_the_prefix_of_the_stream_is_told() throws Exception {
        Python.assume();
        Path code = Files.createDirectory(folder.resolve("code"));
        Files.writeString(
                code.resolve("keys.py"),
                """
                import base64

                def handler(event, context):
                    return {"records": [{
                        "recordId": record["recordId"], "result": "Ok", "data": record["data"],
                        "metadata": {"partitionKeys": {
                            base64.b64decode(record["data"]).decode(): "v"}}}
                        for record in event["records"]]}
                """);
        String config =
                file(
                        "delivery.yaml",
                        """
                        functions: {f: {runtime: python, code: code, handler: keys.handler}}
                        stores: {lake: {directory: lake}}
                        streams:
                          s:
                            processors: [{lambda: {function: f, retries: 0}}]
                            partitioning: {}
                            destination:
                              bucket: b
                              prefix: '!{partitionKeyFromLambda:a}/'
                              errorPrefix: errors/
                        """);

        ProgramRun run = invoke("--stream", "s", file("samples", "a\nb\n"), "--config", config);

        assertThat(run.out().replaceAll("[\\d,]+ ms", "0 ms"))
                .isEqualTo(
                        """
                        record 1: Ok, 0 ms, keys {a=v}
                          a
                          would land under v/
                        record 2: ProcessingFailed, 0 ms, keys {b=v}
                          DynamicPartitioning.MetadataExtractionFailed, 1 try: partitionKeys values must not be null or empty: partitionKeyFromLambda:a
                          b
                        """);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void a_python_function_answers_and_what_it_writes_is_shown() throws Exception {
        Python.assume();
        Path code = Files.createDirectory(folder.resolve("code"));
        Files.writeString(
                code.resolve("hello.py"),
                """
                import base64, sys

                def handler(event, context):
                    answers = []
                    for record in event["records"]:
                        text = base64.b64decode(record["data"]).decode()
                        print("saw " + text, file=sys.stderr, flush=True)
                        if text == "throw":
                            raise ValueError("no good")
                        data = base64.b64encode(("hello " + text).encode()).decode()
                        answers.append({
                            "recordId": record["recordId"], "result": "Ok", "data": data,
                            "metadata": {"partitionKeys": {"k": text}}})
                    return {"records": answers}
                """);
        String config =
                file(
                        "delivery.yaml",
                        "functions: {hello: {runtime: python, code: code, handler: hello.handler}}\n");

        ProgramRun run = invoke("hello", file("samples", "one\nthrow\n"), "--config", config);

        assertThat(run.out().replaceAll("[\\d,]+ ms", "0 ms"))
                .startsWith(
                        """
                        record 1: Ok, 0 ms, keys {k=one}
                          hello one
                        """)
                .contains(
                        """
                        record 2: ProcessingFailed, 0 ms
                          Lambda.FunctionError, 1 try:""")
                // A line that is late on a busy machine stands with the next record.
                .contains("  log: saw one\n");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void a_function_that_cannot_run_here_is_refused_with_the_reason() throws Exception {
        String config = file("delivery.yaml", "functions: {f: {runtime: provided, code: none}}\n");

        ProgramRun run = invoke("f", file("samples", "one\n"), "--config", config);

        assertThat(run.err()).contains("functions.f.code: ", "none does not exist");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
    }
}
