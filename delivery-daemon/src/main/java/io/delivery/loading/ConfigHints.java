package io.delivery.loading;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.Delimiter;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.format.JsonSerDe;
import io.delivery.partition.PrefixHints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is allowed and probably not meant. */
public final class ConfigHints {
    private ConfigHints() {}

    /** In the order of the streams, as {@code path: advice}. */
    public static List<String> of(DeliveryConfig config) {
        List<String> hints = new ArrayList<>();
        config.server().testing().ifPresent(testing -> hints.add(testing.warning()));
        if (config.streams().isEmpty()) {
            hints.add(
                    "streams: there is none, so nothing is delivered before one is created through the API");
        }
        for (StreamDefinition stream : config.streams()) {
            String path = "streams." + stream.name();
            boolean together =
                    stream.format()
                            .choose(raw -> raw.delimiter() == Delimiter.NONE, converted -> false);
            // A function may end its records itself.
            if (together && stream.transform().function().isEmpty()) {
                hints.add(
                        path
                                + ".format.raw.delimiter: nothing stands between records, as in"
                                + " Firehose; lines ends each with one line break, as most readers"
                                + " of JSON expect");
            }
            timestampFormats(path + ".format.serde.hive.timestampFormats", stream.format(), hints);
            stream.partitioning().ifPresent(p -> place(path + ".partitioning.query", p, hints));
            prefix(path + ".destination.prefix", stream.destination().prefix(), hints);
            prefix(path + ".destination.errorPrefix", stream.destination().errorPrefix(), hints);
            stream.backup().ifPresent(b -> prefix(path + ".backup.prefix", b.prefix(), hints));
        }
        return hints;
    }

    private static void timestampFormats(String path, FormatSettings format, List<String> hints) {
        Optional<JsonSerDe> serde =
                format.choose(raw -> Optional.empty(), converted -> converted.decoder().serde());
        if (serde.orElse(null) instanceof JsonSerDe.Hive hive) {
            for (String pattern : hive.timestampFormats()) {
                TimestampFormatHints.of(pattern)
                        .forEach(
                                hint -> hints.add("%s: %s, was %s".formatted(path, hint, pattern)));
            }
        }
    }

    private static void place(String path, PartitioningSettings partitioning, List<String> hints) {
        partitioning
                .placeName()
                .ifPresent(
                        name ->
                                hints.add(
                                        "%s: yields an object only where the record has one there; for the value itself write {%s: %s}, was %3$s"
                                                .formatted(
                                                        path,
                                                        name,
                                                        partitioning
                                                                .query()
                                                                .orElseThrow()
                                                                .strip())));
    }

    private static void prefix(String path, Optional<String> prefix, List<String> hints) {
        String text = prefix.orElse("");
        if (text.startsWith("/")) {
            hints.add(path + ": begins with /, which some stores refuse or remove, was " + text);
        }
        if (text.contains("//")) {
            hints.add(path + ": contains //, which some stores refuse or rewrite, was " + text);
        }
        PrefixHints.of(text)
                .forEach(hint -> hints.add("%s: %s, was %s".formatted(path, hint, text)));
        if (!text.isEmpty() && !text.endsWith("/") && !text.contains("!{")) {
            hints.add(path + ": does not end in /, so the date follows directly, was " + text);
        }
    }
}
