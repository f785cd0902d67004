package io.delivery.partition;

import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The object keys of one configured destination: evaluated prefix, then Firehose's name {@code
 * <stream>-<version>-<yyyy-MM-dd-HH-mm-ss>-<uuid><extension>}.
 *
 * <p>Of the main output: without a prefix {@code yyyy/MM/dd/HH/}; a literal prefix is put in front
 * of that, nothing between; a prefix with any expression is evaluated and nothing is added (two
 * sources disagree where no expression is a timestamp: docs/compatibility.md). Of the error output:
 * without an error prefix the prefix, the error output type and {@code /yyyy/MM/dd/HH/}; otherwise
 * exactly the error prefix, evaluated. Error objects have no extension. All times are the arrival
 * of the object's oldest record, in the destination's time zone.
 *
 * <p>{@link #bind} remembers recent partitions and belongs to one thread, a lane's; everything else
 * is thread-safe.
 */
public final class KeyExpression {
    /** The code of every refusal here: what users grep for in the error output. */
    public static final String REFUSED = "DynamicPartitioning.MetadataExtractionFailed";

    /**
     * Contract capture: what Firehose says of a key that a record does not have. Here the key as
     * the prefix has it follows behind a colon.
     */
    public static final String NULL_OR_EMPTY = "partitionKeys values must not be null or empty";

    /**
     * What is said of a key from a query whose value is null or empty.
     *
     * @param name of the key
     */
    public static String nullOrEmptyQueryKey(String name) {
        return nullOrEmpty(new PrefixExpression.QueryKey(name));
    }

    private static String nullOrEmpty(PrefixExpression.Key key) {
        return NULL_OR_EMPTY + ": " + key.written();
    }

    /** Stands for an open expression. No value contains it: control characters are refused. */
    private static final char OPEN_EXPRESSION = '\0';

    private static final char ERROR_OUTPUT = '\1';

    private static final int MAX_REMEMBERED = 16_384;
    private static final int MAX_REMEMBERED_CHARACTERS = 1 << 20;

    private final KeyLayout main;
    private final Optional<KeyLayout> error;
    private final BoundPrefix unpartitioned;
    private final int configuredEmptySegments;

    /** How many folders a key has when no value contains a slash. */
    private final int configuredFolders;

    private final OwnFolders ownFolders;

    private final Map<Values, BoundPrefix> recent = new LinkedHashMap<>(64, 0.75f, true);
    private final Values probe;
    private int rememberedCharacters;
    private BoundPrefix lastBound;

    private KeyExpression(KeyLayout main, Optional<KeyLayout> error, String written) {
        this.main = main;
        this.error = error;
        String[] none = {};
        this.unpartitioned =
                main.keys().isEmpty()
                        ? new BoundPrefix("", main.description(none, null), none, null)
                        : null;
        String configured = main.longestKey(main.longestPrefix(anyValues(), null));
        this.configuredEmptySegments = KeyShape.emptySegments(configured);
        this.configuredFolders = KeyShape.folders(configured);
        this.ownFolders = new OwnFolders(partitioned(), main.foldersBeforeValues(), written);
        this.probe = new Values(new String[main.keys().size()]);
    }

    /**
     * Builds the keys of a destination whose prefixes have passed {@link PrefixRules}.
     *
     * @param prefix empty and "" mean the same
     * @param errorPrefix likewise
     * @param extension of objects of the main output, with its dot; may be empty
     * @throws PrefixSyntaxException when a prefix does not parse, or the error prefix asks for
     *     partition keys, which failed records need not have
     */
    public static KeyExpression of(
            Optional<String> prefix,
            Optional<String> errorPrefix,
            ZoneId zone,
            String streamName,
            String extension) {
        PrefixExpression mainPrefix = PrefixExpression.parse(prefix.orElse(""));
        PrefixExpression givenErrorPrefix = PrefixExpression.parse(errorPrefix.orElse(""));
        if (givenErrorPrefix.usesKeys()) {
            throw new PrefixSyntaxException(
                    0,
                    "ErrorOutputPrefix must not contain partition keys: a failed record has none");
        }
        KeyLayout main =
                new KeyLayout(
                        mainPrefix.parts(),
                        mainPrefix.hasExpressions()
                                ? KeyLayout.Ending.NOTHING
                                : KeyLayout.Ending.DATE_FOLDERS,
                        zone,
                        streamName,
                        extension);
        return new KeyExpression(
                main,
                errorLayout(mainPrefix, givenErrorPrefix, zone, streamName),
                mainPrefix.text() + '\0' + extension);
    }

    private static Optional<KeyLayout> errorLayout(
            PrefixExpression prefix, PrefixExpression errorPrefix, ZoneId zone, String streamName) {
        if (!errorPrefix.text().isEmpty()) {
            return Optional.of(
                    new KeyLayout(
                            errorPrefix.parts(), KeyLayout.Ending.NOTHING, zone, streamName, ""));
        }
        if (prefix.hasExpressions()) {
            return Optional.empty();
        }
        List<PrefixExpression.Part> parts = new ArrayList<>(prefix.parts());
        parts.add(new PrefixExpression.ErrorOutputType());
        parts.add(new PrefixExpression.Literal("/"));
        return Optional.of(
                new KeyLayout(parts, KeyLayout.Ending.DATE_FOLDERS, zone, streamName, ""));
    }

    /** Whether objects differ by values of their records: from a query, a function, or both. */
    public boolean partitioned() {
        return unpartitioned == null;
    }

    /** The folders that the configuration gives every key of the main output. */
    public OwnFolders ownFolders() {
        return ownFolders;
    }

    /**
     * What this destination's own configuration makes impossible, whatever the records: a segment
     * {@code ..}, a key that is too long. Each is one sentence; the list is empty when every record
     * with short partition keys gets a key.
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        String prefix = main.longestPrefix(anyValues(), null);
        KeyShape.complaint(prefix, main.longestKey(prefix))
                .ifPresent(what -> problems.add("Prefix: the key of every object has " + what));
        error.flatMap(KeyExpression::complaintOf)
                .ifPresent(
                        what ->
                                problems.add(
                                        "ErrorOutputPrefix: the key of every error object has "
                                                + what));
        return problems;
    }

    private static Optional<String> complaintOf(KeyLayout error) {
        return Arrays.stream(Failure.Kind.values())
                .map(kind -> error.longestPrefix(new String[0], kind))
                .flatMap(prefix -> KeyShape.complaint(prefix, error.longestKey(prefix)).stream())
                .findFirst();
    }

    /**
     * The partition a record of the main output belongs to. Equal values, equal answers, at any
     * time: a value fits only if it fits when month names are longest.
     *
     * @throws RecordFailedException with code {@link #REFUSED} when a key is missing or empty, or
     *     the values make a key that a store must not see: an empty segment, {@code .} or {@code
     *     ..}, a segment over 255 bytes, a control character, a prefix over 512 characters, a key
     *     over 1,024 bytes, more than 32 folders beyond those that the prefix has itself
     */
    public BoundPrefix bind(PartitionKeys keys) throws RecordFailedException {
        if (unpartitioned != null) {
            return unpartitioned;
        }
        fill(keys);
        if (lastBound != null && lastBound.hasValues(probe.values)) {
            return lastBound;
        }
        probe.rehash();
        BoundPrefix bound = recent.get(probe);
        if (bound == null) {
            check(probe.values);
            bound = remember(new Values(probe.values.clone()));
        }
        lastBound = bound;
        return bound;
    }

    /**
     * The error output of this kind, made anew each time: few streams ever have one.
     *
     * @throws IllegalStateException when the prefix has expressions and there is no error prefix:
     *     such a destination takes no failed records, as a backup does not
     */
    public BoundPrefix bindError(Failure.Kind kind) {
        KeyLayout layout =
                error.orElseThrow(
                        () -> new IllegalStateException(PrefixRules.ERROR_PREFIX_MISSING));
        String[] none = {};
        return new BoundPrefix(
                ERROR_OUTPUT + kind.errorOutputType(), layout.description(none, kind), none, kind);
    }

    /**
     * The key of one object.
     *
     * @param bound of this expression
     * @param definitionVersion the version id of the definition that makes the object
     * @param oldestArrivalMillis arrival of the object's first record, milliseconds since the epoch
     */
    public String key(
            BoundPrefix bound, int definitionVersion, long oldestArrivalMillis, KeySalt salt) {
        KeyLayout layout = bound.errorKind().isPresent() ? error.orElseThrow() : main;
        return layout.key(bound, definitionVersion, oldestArrivalMillis, salt);
    }

    private void fill(PartitionKeys keys) throws RecordFailedException {
        List<PrefixExpression.Key> names = main.keys();
        for (int i = 0; i < names.size(); i++) {
            String value = names.get(i).valueIn(keys);
            if (value == null || value.isEmpty()) {
                throw refused(nullOrEmpty(names.get(i)));
            }
            probe.values[i] = value;
        }
    }

    private void check(String[] values) throws RecordFailedException {
        for (String value : values) {
            // This is asked before a key is built of the value: a value may be as large as a
            // record.
            if (value.length() > KeyShape.MAX_PREFIX_LENGTH) {
                throw refused(
                        "partitionKeys values make a prefix of more than "
                                + KeyShape.MAX_PREFIX_LENGTH
                                + " characters");
            }
        }
        String prefix = main.longestPrefix(values, null);
        String key = main.longestKey(prefix);
        Optional<String> complaint = KeyShape.complaint(prefix, key);
        if (complaint.isPresent()) {
            throw refused("partitionKeys values make an object key that has " + complaint.get());
        }
        if (KeyShape.emptySegments(key) > configuredEmptySegments) {
            throw refused("partitionKeys values make an object key that has an empty segment");
        }
        if (KeyShape.folders(key) > configuredFolders + KeyShape.MAX_FOLDERS_OF_VALUES) {
            throw refused(
                    "partitionKeys values make an object key that has more than "
                            + KeyShape.MAX_FOLDERS_OF_VALUES
                            + " folders beyond those of the prefix");
        }
    }

    private static RecordFailedException refused(String message) {
        return new RecordFailedException(
                new Failure(Failure.Kind.PROCESSING_FAILED, REFUSED, message));
    }

    private BoundPrefix remember(Values values) {
        BoundPrefix bound =
                new BoundPrefix(
                        main.identity(values.values, OPEN_EXPRESSION),
                        main.description(values.values, null),
                        values.values,
                        null);
        recent.put(values, bound);
        rememberedCharacters += values.characters();
        Iterator<Values> oldest = recent.keySet().iterator();
        while (recent.size() > MAX_REMEMBERED || rememberedCharacters > MAX_REMEMBERED_CHARACTERS) {
            rememberedCharacters -= oldest.next().characters();
            oldest.remove();
        }
        return bound;
    }

    private String[] anyValues() {
        String[] values = new String[main.keys().size()];
        Arrays.fill(values, "x");
        return values;
    }

    /** The values of a record's partition keys. Only the probe ever changes. */
    private static final class Values {
        private final String[] values;
        private int hash;

        Values(String[] values) {
            this.values = values;
            rehash();
        }

        void rehash() {
            hash = Arrays.hashCode(values);
        }

        int characters() {
            int characters = 0;
            for (String value : values) {
                characters += value.length();
            }
            return characters;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Values that
                    && hash == that.hash
                    && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
