package io.delivery.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.catalog.FileCatalog;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.json.JsonRecordDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever was sampled converts by the table that was suggested for it. */
class SuggestedTablePropertyTest {
    private static final List<JsonSerDe> OPENX =
            List.of(
                    JsonSerDe.OpenX.DEFAULTS,
                    new JsonSerDe.OpenX(false, false, Map.of()),
                    new JsonSerDe.OpenX(true, true, Map.of()),
                    new JsonSerDe.OpenX(false, true, Map.of()));

    private static final List<JsonSerDe> HIVE =
            List.of(
                    JsonSerDe.Hive.DEFAULTS,
                    new JsonSerDe.Hive(List.of("yyyy-MM-dd'T'HH:mm:ss'Z'", "dd/MMM/yyyy")));

    private static final SuggestOptions FEW_KEYS = new SuggestOptions(true, 10, 20);

    @Property(tries = 60)
    void every_sample_converts_by_the_table_that_openx_gets(@ForAll long seed) throws IOException {
        for (JsonSerDe serde : OPENX) {
            Run run = new Run(seed, false, serde);

            assertThat(run.failures()).as("seed %d, %s", seed, serde).isEmpty();
        }
    }

    @Property(tries = 60)
    void no_field_of_a_sample_is_unknown_unless_the_problems_tell(@ForAll long seed)
            throws IOException {
        for (JsonSerDe serde : OPENX) {
            Run run = new Run(seed, false, serde);

            if (run.table.isPresent() && run.table.get().problems().isEmpty()) {
                assertThat(run.check().unknownFields()).as("seed %d, %s", seed, serde).isEmpty();
            }
        }
    }

    @Property(tries = 60)
    void only_halves_of_surrogate_pairs_fail_with_openx(@ForAll long seed) throws IOException {
        for (JsonSerDe serde : OPENX) {
            Run run = new Run(seed, true, serde);

            assertThat(run.failures())
                    .as("seed %d, %s", seed, serde)
                    .allMatch(reason -> reason.contains("half of a surrogate pair"));
        }
    }

    @Property(tries = 60)
    void hive_refuses_only_what_the_problems_tell(@ForAll long seed) throws IOException {
        for (JsonSerDe serde : HIVE) {
            Run run = new Run(seed, false, serde);

            if (run.table.isEmpty()
                    || run.table.get().problems().stream()
                            .noneMatch(p -> p.contains("several kinds"))) {
                assertThat(run.failures()).as("seed %d, %s", seed, serde).isEmpty();
            }
        }
    }

    /** Samples, a table, and the table as the catalog reads its file. */
    private static final class Run {
        private final List<Sample> samples = new ArrayList<>();
        private final Optional<SuggestedTable> table;

        Run(long seed, boolean halves, JsonSerDe serde) throws IOException {
            RandomSamples random = new RandomSamples(seed, halves);
            SampleObserver observer = new SampleObserver(JsonRecordDecoder::new, serde, 0);
            for (int i = 0; i < 30; i++) {
                byte[] json = random.record().getBytes(StandardCharsets.UTF_8);
                Sample sample = new Sample("line " + i, json, 0);
                // A number whose exponent has too many digits is no JSON for the parser.
                if (observer.add(sample).isEmpty()) {
                    samples.add(sample);
                }
            }
            assertThat(samples).isNotEmpty();
            SuggestOptions options = seed % 2 == 0 ? SuggestOptions.DEFAULTS : FEW_KEYS;
            table = SuggestedTable.of(observer, options, "db", "t", List.of());
        }

        List<String> failures() throws IOException {
            if (table.isEmpty()) {
                return List.of();
            }
            List<String> failures = new ArrayList<>();
            check().reasons()
                    .forEach(reason -> failures.add(reason.message() + " " + reason.examples()));
            return failures;
        }

        SampleCheck check() throws IOException {
            TableSchema read = readBack(table.orElseThrow().schema());
            SampleCheck check =
                    new SampleCheck(JsonRecordDecoder::new, read, DecoderOptions.DEFAULTS);
            samples.forEach(check::add);
            return check;
        }

        private TableSchema readBack(TableSchema suggested) throws IOException {
            Path folder = Files.createTempDirectory("suggest");
            Path file = Files.createDirectory(folder.resolve("db")).resolve("t.yaml");
            try {
                Files.writeString(file, TableText.yaml(suggested, List.of("a heading")));
                TableSchema read =
                        new FileCatalog(folder, JsonRecordDecoder::checkTimestampFormat)
                                .table("db", "t", SchemaCatalog.LATEST);
                assertThat(read.serde()).isEqualTo(suggested.serde());
                assertThat(read.columns().stream().map(c -> c.name() + " " + c.type()).toList())
                        .isEqualTo(
                                suggested.columns().stream()
                                        .map(c -> c.name() + " " + c.type())
                                        .toList());
                return read;
            } finally {
                Files.deleteIfExists(file);
                Files.delete(file.getParent());
                Files.delete(folder);
            }
        }
    }
}
