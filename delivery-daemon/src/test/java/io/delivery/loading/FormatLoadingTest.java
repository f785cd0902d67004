package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.catalog.FileCatalog;
import io.delivery.config.FormatSettings;
import io.delivery.format.CatalogException;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.SchemaProblem;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.json.JsonRecordDecoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a stream has its records read into columns. */
class FormatLoadingTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serde: openx",
                "serde: hive",
                "serde: {openx: {caseInsensitive: false}}",
                "serde: {openx: {convertDotsInJsonKeysToUnderscores: true}}",
                "serde: {openx: {columnToJsonKeyMappings: {b: '${NAME}', a: 'x.y'}}}",
                "serde: {hive: {}}",
                "serde: {hive: {timestampFormats: []}}",
                "serde: {hive: {timestampFormats: [millis, \"yyyy-MM-dd'T'HH:mm:ssZZ\"]}}",
                "unknownFields: drop",
                "unknownFields: refuse",
                "unknownFields: {keep: extras}",
                "parquet: {maxPadding: 0MB, writerVersion: v1}",
            })
    void a_document_reads_back_as_the_same_definition(String setting) throws Exception {
        ConfigFile file = converting(setting);
        LoadedConfig loaded = file.load();
        LoadedStream stream = loaded.streams().get(0);

        LoadedStream again =
                file.loader().loadStream("s", stream.document(), file.path(), loaded.config());

        assertThat(again).isEqualTo(stream);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serde: {openx: {columnToJsonKeyMappings: {ts: timestamp}}} | OpenX[caseInsensitive=true, convertDotsInJsonKeysToUnderscores=false, columnToJsonKeyMappings={ts=timestamp}]",
                "serde: {hive: {timestampFormats: [millis, yyyy]}}          | Hive[timestampFormats=[millis, yyyy]]",
                "serde: hive                                                | Hive[timestampFormats=[]]",
            })
    void a_serde_is_read_with_its_options(String setting, String serde) {
        assertThat(decoder(setting).serde()).map(JsonSerDe::toString).contains(serde);
    }

    @Test
    void what_is_left_out_is_as_the_table_says_and_unknown_fields_are_dropped() {
        assertThat(decoder("parquet: {}")).isEqualTo(DecoderOptions.DEFAULTS);
        assertThat(decoder("unknownFields: {keep: extras}"))
                .isEqualTo(
                        new DecoderOptions(
                                Optional.empty(), new UnknownFieldPolicy.Keep("extras")));
        assertThat(decoder("unknownFields: refuse").unknownFields())
                .isEqualTo(new UnknownFieldPolicy.Refuse());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknownFields: keep           | unknownFields: keep needs a column: {keep: extras}",
                "unknownFields: dorp           | unknownFields: must be drop, refuse or {keep: COLUMN}, was dorp; did you mean drop?",
                "unknownFields: {}             | unknownFields.keep: must be given",
                "unknownFields: {keep: ''}     | unknownFields.keep: must name a column of the table, was empty",
                "unknownFields: {keep: [a]}    | unknownFields.keep: must be a text, was a list",
                "unknownFields: {kep: a}       | unknownFields.kep: unknown; did you mean keep?",
                "parquet: {maxPadding: -1MB}   | parquet.maxPadding: must be a size such as 64MB, was -1MB",
                "parquet: {maxPadding: 256MB}  | parquet.maxPadding: must be less than blockSize, which is 256MB, was 256MB: every row group would be padded to the next block",
                "parquet: {writerVersion: V1}  | parquet.writerVersion: must be one of v1, v2, was V1; did you mean v1?",
            })
    void what_makes_no_sense_is_told(String setting, String problem) {
        assertThat(converting(setting).problems())
                .anySatisfy(told -> assertThat(told).endsWith(" streams.s.format." + problem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"serde: openx", "unknownFields: drop"})
    void what_reads_columns_goes_with_a_format_that_has_columns(String setting) {
        String name = setting.substring(0, setting.indexOf(':'));

        assertThat(
                        ConfigFile.stream(
                                        folder,
                                        "destination: {bucket: b}\nformat: {raw: {}, %s}"
                                                .formatted(setting))
                                .problems())
                .containsExactly(
                        "5 streams.s.format.%s: goes with format.parquet and format.orc, but format.raw is given"
                                .formatted(name));
    }

    /** Each with the same words in a table's file and in a stream. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serde: openxx                                    | serde: must be openx or hive, was openxx; did you mean openx?",
                "serde: {}                                        | serde: must have one of openx and hive, is empty",
                "serde: {openx: {}, hive: {}}                     | serde: must have one of openx and hive, has both",
                "serde: {hvie: {}}                                | serde.hvie: unknown; did you mean hive?",
                "serde: {openx: {caseInsensitiv: true}}           | serde.openx.caseInsensitiv: unknown; did you mean caseInsensitive?",
                "serde: {openx: {caseInsensitive: maybe}}         | serde.openx.caseInsensitive: must be true or false, was maybe",
                "serde: {hive: {timestampFormats: [yyyy-MM-ddP]}} | serde.hive.timestampFormats[0]: letter P is not supported in timestamp format yyyy-MM-ddP",
                "serde: {hive: {timestampFormats: [millis, yyyy'T]}} | serde.hive.timestampFormats[1]: quote is not closed in timestamp format yyyy'T",
            })
    void a_serde_is_refused_in_the_words_that_a_table_s_file_is_refused_in(
            String setting, String problem) {
        assertThat(tableProblems(setting)).anyMatch(told -> told.equals(problem));
        assertThat(converting(setting).problems())
                .anyMatch(told -> told.endsWith(" streams.s.format." + problem));
    }

    private List<String> tableProblems(String serde) {
        ConfigFile.write(
                folder.resolve("schemas/db/bad.yaml"),
                "columns: [{name: a, type: int}]\n" + serde + "\n");
        CatalogException refused =
                catchThrowableOfType(
                        CatalogException.class,
                        () ->
                                new FileCatalog(
                                                folder.resolve("schemas"),
                                                JsonRecordDecoder::checkTimestampFormat)
                                        .table("db", "bad", "LATEST"));
        return refused.problems().stream().map(FormatLoadingTest::told).toList();
    }

    private static String told(SchemaProblem problem) {
        return problem.path() + ": " + problem.message();
    }

    private DecoderOptions decoder(String setting) {
        return converting(setting)
                .load()
                .config()
                .streams()
                .get(0)
                .format()
                .<DecoderOptions, RuntimeException>choose(
                        raw -> DecoderOptions.DEFAULTS, FormatSettings.Converted::decoder);
    }

    private ConfigFile converting(String setting) {
        String parquet = setting.startsWith("parquet") ? "" : "parquet: {}";
        return ConfigFile.in(
                        folder,
                        """
                        stores: {local: {directory: lake}}
                        catalogs: {main: {file: schemas}}
                        streams:
                          s:
                            format:
                              schema: {table: db.t}
                              %s
                              %s
                            destination: {bucket: b, errorPrefix: e/}
                        """
                                .formatted(parquet, setting))
                .with("NAME", "at")
                .whoseProgramsAreCompiled();
    }
}
