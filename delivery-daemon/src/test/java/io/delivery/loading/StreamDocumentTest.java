package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Decompression;
import io.delivery.config.Decompression.Messages;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.ProcessorSettings.Csv;
import io.delivery.config.ProcessorSettings.Jq;
import io.delivery.config.ProcessorSettings.Lambda;
import io.delivery.config.ProcessorSettings.Redact;
import io.delivery.config.ProcessorSettings.Regex;
import io.delivery.config.Secret;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StreamDocumentTest {
    @Property(tries = 100)
    void whatever_transforms_a_definition_has_its_document_reads_back_the_same(
            @ForAll("transforms") TransformSettings transform) throws Exception {
        Path directory = Files.createTempDirectory("transforms");
        ConfigFile file =
                ConfigFile.in(
                        directory,
                        ConfigFile.STORES
                                + "functions: {enrich: {endpoint: 'http://localhost:9/f'}}\n"
                                + "streams: {s: {destination: {bucket: b}}}");
        LoadedConfig loaded = file.load();
        StreamDefinition plain = loaded.config().streams().get(0);
        StreamDefinition stream =
                new StreamDefinition(
                        "s",
                        1,
                        plain.buffer(),
                        transform,
                        plain.partitioning(),
                        plain.format(),
                        plain.destination(),
                        plain.backup());

        String document = StreamDocument.of(stream, Map.of());
        String forPeople = ConfigText.of(List.of("a stream"), ConfigText.settings(stream));

        for (String text : List.of(document, forPeople)) {
            assertThat(
                            file.loader()
                                    .loadStream("s", text, file.path(), loaded.config())
                                    .definition())
                    .as(text)
                    .isEqualTo(stream);
        }
        Files.delete(file.path());
        Files.delete(directory);
    }

    @Provide
    Arbitrary<TransformSettings> transforms() {
        Arbitrary<Optional<Decompression>> decompression =
                Arbitraries.of(Messages.class).map(Decompression::new).optional();
        Arbitrary<Optional<SplitSettings>> split =
                Arbitraries.of(new SplitSettings.Json(), new SplitSettings.Delimited("#"))
                        .map(s -> (SplitSettings) s)
                        .optional();
        Arbitrary<List<ProcessorSettings>> processors =
                Combinators.combine(
                                others().list().ofMaxSize(3),
                                lambdas().list().ofMaxSize(1),
                                others().list().ofMaxSize(2))
                        .as(
                                (before, lambda, after) -> {
                                    List<ProcessorSettings> all = new ArrayList<>(before);
                                    all.addAll(lambda);
                                    all.addAll(after);
                                    return all;
                                });
        return Combinators.combine(decompression, split, processors).as(TransformSettings::new);
    }

    private static Arbitrary<Lambda> lambdas() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, Lambda.MAX_RETRIES),
                        Arbitraries.longs()
                                .between(Lambda.MIN_BUFFER_BYTES, Lambda.MAX_BUFFER_BYTES),
                        Arbitraries.integers().between(0, 900).optional())
                .as(
                        (retries, bytes, interval) ->
                                new Lambda(
                                        "enrich",
                                        retries,
                                        bytes,
                                        interval.map(Duration::ofSeconds)));
    }

    private static Arbitrary<ProcessorSettings> others() {
        Arbitrary<String> text =
                Arbitraries.strings()
                        .withChars(" \t\n\r'\"#:-&*!${}[]\\%@`éa1~|>")
                        .withChars('\u0000', '\u0085', '\uFEFF')
                        .ofMinLength(1)
                        .ofMaxLength(12)
                        .filter(t -> !t.isBlank());
        return Arbitraries.oneOf(
                text.map(Jq::new),
                text.map(Regex::new),
                Combinators.combine(
                                text.list().uniqueElements().ofMaxSize(3),
                                Arbitraries.of(',', ';', '\t', '#', ' '),
                                Arbitraries.of('"', '\'', '\\'))
                        .as(Csv::new),
                Combinators.combine(
                                Arbitraries.of(List.of(".a"), List.of(".b", ".[\"x y\"]")),
                                Arbitraries.of(List.<String>of(), List.of(".c[]")),
                                text.map(Secret::new).optional())
                        .as(Redact::new));
    }
}
