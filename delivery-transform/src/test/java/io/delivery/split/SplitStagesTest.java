package io.delivery.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Decompression;
import io.delivery.config.Decompression.Messages;
import io.delivery.config.SplitSettings;
import io.delivery.config.TransformSettings;
import io.delivery.processing.RecordSplitter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitStagesTest {
    private static final Optional<SplitSettings> JSON = Optional.of(new SplitSettings.Json());

    /** Base64 of this delimiter has a plus, as identities have between their stages. */
    private static final Optional<SplitSettings> DELIMITED =
            Optional.of(new SplitSettings.Delimited("\u00fb+"));

    static Stream<Arguments> stages() {
        Optional<Decompression> envelopes = Optional.of(new Decompression(Messages.IN_ENVELOPE));
        Optional<Decompression> messages = Optional.of(new Decompression(Messages.EXTRACTED));
        return Stream.of(
                Arguments.of(Optional.empty(), JSON, "json/1"),
                Arguments.of(Optional.empty(), DELIMITED, "delimited/1:w7sr"),
                Arguments.of(
                        Optional.empty(),
                        Optional.of(new SplitSettings.Delimited("~~>")),
                        "delimited/1:fn4+"),
                Arguments.of(envelopes, Optional.empty(), "gzip/1"),
                Arguments.of(messages, Optional.empty(), "gzip/1+messages/1"),
                Arguments.of(envelopes, JSON, "gzip/1+json/1"),
                Arguments.of(messages, JSON, "gzip/1+messages/1+json/1"),
                Arguments.of(
                        messages,
                        Optional.of(new SplitSettings.Delimited("~~>")),
                        "gzip/1+messages/1+delimited/1:fn4+"));
    }

    @ParameterizedTest
    @MethodSource("stages")
    void the_identity_of_stages_opens_the_same_stages(
            Optional<Decompression> decompression, Optional<SplitSettings> split, String identity) {
        RecordSplitter made =
                SplitStages.of(new TransformSettings(decompression, split, List.of()))
                        .orElseThrow();

        assertThat(made.identity()).isEqualTo(identity);
        assertThat(SplitStages.open(identity).identity()).isEqualTo(identity);
        assertThat(SplitStages.open(identity).getClass()).isEqualTo(made.getClass());
    }

    @Test
    void without_stages_there_is_no_splitter() {
        assertThat(SplitStages.of(TransformSettings.NONE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "json/2",
                "gzip/10",
                "gzip/1+",
                "gzip/1json/1",
                "gzip/1+messages/2",
                "gzip/1+gzip/1",
                "gzip/1+json/1+messages/1",
                "delimited/1:",
                "delimited/1:???",
                "gzip/1+delimited/1:?",
                "somebody's"
            })
    void an_identity_that_no_splitter_ever_had_opens_none(String identity) {
        assertThat(SplitStages.open(identity)).isNull();
    }
}
