package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.firehose.model.Tag;

/** {@code import} and {@code export}, and a service whose streams they move. */
class ImportCommandsTest extends ApiWorld {
    private static final Map<String, String> NO_VARIABLES = Map.of();

    private static final String REQUEST =
            """
            {"DeliveryStreamName": "%s", "S3DestinationConfiguration": {
              "RoleARN": "arn:aws:iam::111122223333:role/firehose", "BucketARN": "arn:aws:s3:::events"}}
            """;

    private ProgramRun run(String... arguments) {
        return ProgramRun.of(NO_VARIABLES, arguments);
    }

    private String config() {
        return folder.resolve("delivery.yaml").toString();
    }

    private Path file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    // --- import ---

    @Test
    void what_somebody_must_look_at_is_exit_code_1_and_on_standard_error() throws Exception {
        Path source = file("r.json", REQUEST.formatted("s"));

        ProgramRun run = run("import", source.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("streams:\n  s:\n", "bucket: events");
        assertThat(run.err().lines())
                .anyMatch(line -> line.startsWith("fill in: stores.s3: "))
                .anyMatch(line -> line.startsWith("note: " + source + ": s.S3Destination"));
    }

    @Test
    void with_a_configuration_that_has_all_names_nothing_needs_a_look() throws Exception {
        Path source = file("r.json", REQUEST.formatted("s"));

        ProgramRun run = run("import", "--config", config(), source.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        String whole =
                Files.readString(folder.resolve("delivery.yaml"))
                        .replaceFirst("(?m)^streams: .*$", "");
        Files.createDirectories(folder.resolve("schemas"));
        ProgramRun checked = run("check", file("whole.yaml", whole + run.out()).toString());
        assertThat(checked.exitCode()).as(checked.out()).isZero();
    }

    @Test
    void a_file_is_written_once_and_never_over_another() throws Exception {
        Path source = file("r.json", REQUEST.formatted("s"));
        Path output = folder.resolve("out.yaml");

        ProgramRun first = run("import", "-o", output.toString(), source.toString());
        String written = Files.readString(output);
        ProgramRun second = run("import", "-o", output.toString(), source.toString());

        assertThat(first.out()).isEmpty();
        assertThat(written).startsWith("# Made by delivery import from ");
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.err()).contains("is there already");
        assertThat(output).hasContent(written);
        assertThat(run("import", "-o", "no/folder/x", source.toString()).err())
                .contains("no such folder");
    }

    @Test
    void arguments_that_name_nothing_are_exit_code_2() {
        assertThat(run("import").exitCode()).isEqualTo(2);
        ProgramRun missing = run("import", folder.resolve("none.json").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("there is no such file");
        ProgramRun directory = run("import", folder.toString());
        assertThat(directory.exitCode()).isEqualTo(2);
        assertThat(directory.err()).contains("is a folder");
        assertThat(run("import", "--config", folder + "/none.yaml", config()).exitCode())
                .isEqualTo(3);
    }

    @Test
    void nothing_is_printed_when_nothing_was_imported() throws Exception {
        ProgramRun run = run("import", file("x.json", "{}").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("not imported: ");
    }

    @Test
    void a_file_that_never_ends_is_not_read_for_ever() throws Exception {
        Path large = folder.resolve("large.json");
        try (var file =
                Files.newByteChannel(
                        large,
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.WRITE)) {
            file.position((16 << 20) + 1);
            file.write(java.nio.ByteBuffer.wrap(new byte[1]));
        }

        assertThat(run("import", large.toString()).err()).contains("is longer than 16MB");
        assertThat(run("import", "/dev/zero").err()).contains("is a pipe or a device");
    }

    @Test
    void the_standard_input_is_read_for_a_dash() {
        ProgramRun run = ProgramRun.given(NO_VARIABLES, REQUEST.formatted("piped"), "import", "-");

        assertThat(run.out()).contains("# Made by delivery import from -", "  piped:");
    }

    // --- export ---

    @Test
    void a_stream_of_the_api_is_exported_beside_its_service_and_loaded_as_the_same()
            throws Exception {
        create(
                "made",
                d ->
                        d.prefix("a/!{timestamp:yyyy}/")
                                .errorOutputPrefix("errors/")
                                .bufferingHints(b -> b.sizeInMBs(7).intervalInSeconds(61))
                                .compressionFormat("GZIP"));
        update("made", u -> u.prefix("b/"));

        ProgramRun run = run("export", "made", "--config", config());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                        # Made by delivery export from the stream made of callers of the API
                        streams:
                          made:
                            buffer:
                              size: 7MB
                              interval: 61s
                            destination:
                              store: lake
                              bucket: made
                              prefix: b/
                              errorPrefix: errors/
                              compression: gzip
                        """);
        assertThat(run.err().lines())
                .containsExactly(
                        "note: made: ExtendedS3DestinationConfiguration.RoleARN: the credentials of"
                                + " the store count, and no role is assumed");
    }

    @Test
    void what_is_only_echoed_is_told_and_needs_a_look() {
        create(
                "made",
                d ->
                        d.cloudWatchLoggingOptions(
                                c -> c.enabled(true).logGroupName("g").logStreamName("l")));
        client.tagDeliveryStream(
                t ->
                        t.deliveryStreamName("made")
                                .tags(List.of(Tag.builder().key("team").value("shop").build())));

        ProgramRun run = run("export", "made", "--config", config());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "left out: made: ExtendedS3DestinationConfiguration.CloudWatchLoggingOptions: ",
                        "left out: made: Tags[0]: ");
        assertThat(run.out()).contains("# - left out: made: Tags[0]: ");
    }

    @Test
    void streams_that_are_not_there_or_not_of_the_api_are_told() {
        put("fixed", "{}"); // then it has a directory
        ProgramRun unknown = run("export", "none", "--config", config());
        ProgramRun configured = run("export", "fixed", "--config", config());

        assertThat(unknown.exitCode()).isEqualTo(9);
        assertThat(unknown.err()).contains("there is no stream none");
        assertThat(configured.exitCode()).isEqualTo(2);
        assertThat(configured.err())
                .isEqualTo(
                        lines(
                                "stream fixed is one of the configuration, not of callers of the"
                                        + " API: %s has it".formatted(config())));
    }

    @Test
    void a_definition_that_names_what_the_configuration_has_not_is_told() throws Exception {
        create("made", d -> d.bucketARN("arn:aws:s3:::made"));
        file(
                "other.yaml",
                """
                dataDir: data
                stores: {one: {directory: one}, two: {directory: two}}
                """);

        ProgramRun run = run("export", "made", "--config", folder + "/other.yaml");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("No store is configured for the bucket made");
    }

    private Path directoryOfMade() throws Exception {
        try (var streams = Files.list(folder.resolve("data/streams"))) {
            return streams.filter(s -> s.getFileName().toString().startsWith("made"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void a_stream_is_called_by_its_directory_as_well() throws Exception {
        create("made", d -> {});

        ProgramRun byName = run("export", "made", "--config", config());
        ProgramRun byDirectory =
                run("export", directoryOfMade().getFileName().toString(), "--config", config());

        assertThat(byName.out()).contains("\n  made:\n");
        assertThat(byDirectory).isEqualTo(byName);
    }

    @Test
    void a_file_that_cannot_be_written_is_exit_code_1() throws Exception {
        create("made", d -> {});
        Path folderOfNothing = file("none", "").resolve("made.yaml");

        ProgramRun run =
                run("export", "made", "--config", config(), "-o", folderOfNothing.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).startsWith("cannot be written: ");
    }

    @Test
    void the_exit_codes_of_a_command_are_in_its_help() {
        assertThat(run("import", "--help").out()).contains("2: an", "3: the");
        assertThat(run("export", "--help").out()).contains("2: an", "3: the", "4: the", "9: there");
    }

    @Test
    void a_damaged_definition_is_told() throws Exception {
        create("made", d -> {});
        Path directory = directoryOfMade();
        Files.writeString(directory.resolve("definitions/1"), "{");

        ProgramRun run = run("export", "made", "--config", config());

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("definitions/1");
    }
}
