package io.delivery.split;

import io.delivery.config.Decompression.Messages;
import io.delivery.config.SplitSettings;
import io.delivery.config.TransformSettings;
import io.delivery.processing.RecordSplitter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The stages before the processors as one splitter, and every splitter there ever was by its
 * identity: a range that was begun under one is finished under it.
 */
public final class SplitStages {
    private SplitStages() {}

    /** What the settings ask for, in Firehose's order; empty when records stay as they came. */
    public static Optional<RecordSplitter> of(TransformSettings transform) {
        Optional<RecordSplitter> split = transform.split().map(SplitStages::of);
        return transform.decompression().isEmpty()
                ? split
                : Optional.of(
                        new LogEventSplitter(transform.decompression().get().messages(), split));
    }

    private static RecordSplitter of(SplitSettings split) {
        return split.choose(
                json -> new JsonSplitter(),
                delimited ->
                        new DelimitedSplitter(
                                delimited.delimiter().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * A fresh splitter of this identity, e.g. {@code json/1}, {@code delimited/1:fA==}, {@code
     * gzip/1}, {@code gzip/1+messages/1+json/1}; null when there never was such a splitter.
     */
    public static RecordSplitter open(String identity) {
        if (!identity.startsWith(LogEventSplitter.GZIP)) {
            return openPlain(identity);
        }
        String rest = identity.substring(LogEventSplitter.GZIP.length());
        Messages messages = Messages.IN_ENVELOPE;
        if (rest.startsWith(LogEventSplitter.MESSAGES)) {
            messages = Messages.EXTRACTED;
            rest = rest.substring(LogEventSplitter.MESSAGES.length());
        }
        if (rest.isEmpty()) {
            return new LogEventSplitter(messages, Optional.empty());
        }
        RecordSplitter then =
                rest.startsWith(LogEventSplitter.THEN)
                        ? openPlain(rest.substring(LogEventSplitter.THEN.length()))
                        : null;
        return then == null ? null : new LogEventSplitter(messages, Optional.of(then));
    }

    private static RecordSplitter openPlain(String identity) {
        if (identity.equals(JsonSplitter.IDENTITY)) {
            return new JsonSplitter();
        }
        if (identity.startsWith(DelimitedSplitter.IDENTITY)) {
            String delimiter = identity.substring(DelimitedSplitter.IDENTITY.length());
            try {
                return new DelimitedSplitter(Base64.getDecoder().decode(delimiter));
            } catch (IllegalArgumentException noDelimiter) {
                return null;
            }
        }
        return null;
    }
}
