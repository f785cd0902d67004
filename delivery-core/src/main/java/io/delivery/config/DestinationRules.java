package io.delivery.config;

import io.delivery.partition.KeyExpression;
import io.delivery.partition.KeySources;
import io.delivery.partition.PrefixExpression;
import io.delivery.partition.PrefixRules;
import io.delivery.partition.PrefixSyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a destination and a backup must keep, beside the prefix grammar. */
final class DestinationRules {
    private static final Pattern BUCKET = Pattern.compile("[\\w.\\-]{1,255}"); // API reference
    private static final Pattern EXTENSION =
            Pattern.compile("^$|\\.[0-9a-z!\\-_.*'()]+"); // API reference, FileExtension

    private DestinationRules() {}

    static void validate(
            String stream,
            KeySources keySources,
            DestinationSettings destination,
            String path,
            ConfigProblems problems) {
        bucket(path + ".bucket", destination.bucket(), problems);
        destination
                .fileExtension()
                .filter(e -> e.length() > 128 || !EXTENSION.matcher(e).matches())
                .ifPresent(
                        e ->
                                problems.add(
                                        path + ".fileExtension",
                                        "must be at most 128 characters, a dot and then"
                                                + " [0-9a-z!-_.*'()], was "
                                                + e));
        destination.compression().validate(path + ".compression", problems);
        prefixes(stream, keySources, destination, path, problems);
    }

    static void validate(BackupSettings backup, String path, ConfigProblems problems) {
        bucket(path + ".bucket", backup.bucket(), problems);
        backup.compression().validate(path + ".compression", problems);
        PrefixRules.validateBackup(backup.prefix().orElse(""))
                .forEach(message -> problems.add(path + ".prefix", message));
    }

    /** Reports names that this kind of store refuses whatever it holds. */
    static void validatePlace(
            StoreDefinition store,
            String path,
            String bucket,
            Optional<String> prefix,
            ConfigProblems problems) {
        store.problemOfBucket(bucket).ifPresent(wrong -> problems.add(path + ".bucket", wrong));
        prefix.flatMap(store::problemOfPrefix)
                .ifPresent(wrong -> problems.add(path + ".prefix", wrong));
    }

    private static void prefixes(
            String stream,
            KeySources keySources,
            DestinationSettings destination,
            String path,
            ConfigProblems problems) {
        String prefix = destination.prefix().orElse("");
        String errorPrefix = destination.errorPrefix().orElse("");
        List<String> messages = PrefixRules.validate(prefix, errorPrefix, keySources);
        if (messages.isEmpty()) {
            // With this stream's own name and extension, which make keys longer.
            messages =
                    KeyExpression.of(
                                    destination.prefix(),
                                    destination.errorPrefix(),
                                    destination.timezone(),
                                    stream,
                                    destination.fileExtension().orElse(""))
                            .problems();
        }
        for (String message : messages) {
            boolean aboutErrors = PrefixRules.isAboutErrorPrefix(message);
            problems.add(path + (aboutErrors ? ".errorPrefix" : ".prefix"), message);
        }
    }

    /** Names that the prefix takes from the query; none while it is no prefix at all. */
    static Set<String> queryKeys(DestinationSettings destination) {
        try {
            return PrefixExpression.parse(destination.prefix().orElse("")).queryKeys();
        } catch (PrefixSyntaxException told) {
            return Set.of();
        }
    }

    /** Where the keys of a stream come from. */
    static KeySources keySources(
            Optional<PartitioningSettings> partitioning, TransformSettings transform) {
        if (partitioning.isEmpty()) {
            return KeySources.NONE;
        }
        KeySources sources = KeySources.ENABLED;
        if (partitioning.get().query().isPresent()) {
            Optional<Set<String>> keys = partitioning.get().queryKeys();
            sources = keys.isPresent() ? sources.withQuery(keys.get()) : sources.withQuery();
        }
        return transform.function().isPresent() ? sources.withLambda() : sources;
    }

    private static void bucket(String path, String bucket, ConfigProblems problems) {
        if (!BUCKET.matcher(bucket).matches()
                || bucket.equals(".")
                || bucket.equals("..")
                || bucket.equalsIgnoreCase(".delivery")) {
            problems.add(path, "must be 1 to 255 of [A-Za-z0-9_.-], was " + bucket);
        }
    }
}
