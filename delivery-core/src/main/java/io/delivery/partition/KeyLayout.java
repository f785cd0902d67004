package io.delivery.partition;

import io.delivery.record.Failure;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** One prefix, the name behind it, and how both become a key. Immutable. */
final class KeyLayout {
    /**
     * What stands behind a prefix that asks for no place of its own: by capture the year is the
     * calendar's.
     */
    private static final TimestampPattern DATE_FOLDERS = new TimestampPattern("yyyy/MM/dd/HH/");

    private static final TimestampPattern NAME_TIME = new TimestampPattern("yyyy-MM-dd-HH-mm-ss");
    private static final String ANY_RANDOM_STRING = "01234567-89";
    private static final String ANY_UUID = "01234567-89ab-4cde-8f01-23456789abcd";

    /** What follows a prefix by itself. */
    enum Ending {
        NOTHING,
        DATE_FOLDERS
    }

    private final List<PrefixExpression.Part> parts;
    private final Ending ending;
    private final ZoneId zone;
    private final String streamName;
    private final String extension;
    private final List<PrefixExpression.Key> keys = new ArrayList<>();
    private final int[] slots;
    private final String[] longest;

    KeyLayout(
            List<PrefixExpression.Part> parts,
            Ending ending,
            ZoneId zone,
            String streamName,
            String extension) {
        this.parts = List.copyOf(parts);
        this.ending = ending;
        this.zone = zone;
        this.streamName = streamName;
        this.extension = extension;
        this.slots = new int[parts.size()];
        this.longest = new String[parts.size()];
        for (int i = 0; i < slots.length; i++) {
            PrefixExpression.Part part = parts.get(i);
            if (part instanceof PrefixExpression.Key key) {
                if (!keys.contains(key)) {
                    keys.add(key);
                }
                slots[i] = keys.indexOf(key);
            } else if (part instanceof PrefixExpression.Timestamp timestamp) {
                longest[i] = timestamp.pattern().longest(zone);
            }
        }
    }

    /** The partition keys it needs, each once. */
    List<PrefixExpression.Key> keys() {
        return keys;
    }

    /** The key of an object. */
    String key(BoundPrefix bound, int version, long oldestArrivalMillis, KeySalt salt) {
        StringBuilder key = new StringBuilder(160);
        for (int i = 0; i < slots.length; i++) {
            PrefixExpression.Part part = parts.get(i);
            if (part instanceof PrefixExpression.Timestamp timestamp) {
                key.append(timestamp.pattern().format(oldestArrivalMillis, zone));
            } else if (part instanceof PrefixExpression.RandomString) {
                key.append(salt.randomString(i));
            } else if (part instanceof PrefixExpression.Key) {
                key.append(bound.value(slots[i]));
            } else {
                key.append(known(part, bound.kindOrNull()));
            }
        }
        if (ending == Ending.DATE_FOLDERS) {
            key.append(DATE_FOLDERS.format(oldestArrivalMillis, zone));
        }
        key.append(streamName).append('-').append(version).append('-');
        key.append(NAME_TIME.format(oldestArrivalMillis, zone)).append('-');
        return key.append(salt.uuid()).append(extension).toString();
    }

    /** The prefix at the time and with the random strings that make it longest. */
    String longestPrefix(String[] values, Failure.Kind kind) {
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < slots.length; i++) {
            PrefixExpression.Part part = parts.get(i);
            if (part instanceof PrefixExpression.Timestamp) {
                prefix.append(longest[i]);
            } else if (part instanceof PrefixExpression.RandomString) {
                prefix.append(ANY_RANDOM_STRING);
            } else if (part instanceof PrefixExpression.Key) {
                prefix.append(values[slots[i]]);
            } else {
                prefix.append(known(part, kind));
            }
        }
        return prefix.toString();
    }

    /** The key behind such a prefix, with the longest version id there can be. */
    String longestKey(String longestPrefix) {
        return longestPrefix
                + (ending == Ending.DATE_FOLDERS ? "2028/12/31/23/" : "")
                + streamName
                + '-'
                + Integer.MAX_VALUE
                + "-2028-12-31-23-59-59-"
                + ANY_UUID
                + extension;
    }

    /**
     * The prefix with this text in place of each open expression: equal prefixes are one partition.
     */
    String identity(String[] values, char open) {
        StringBuilder identity = new StringBuilder();
        for (int i = 0; i < slots.length; i++) {
            PrefixExpression.Part part = parts.get(i);
            if (part instanceof PrefixExpression.Key) {
                identity.append(values[slots[i]]);
            } else if (part instanceof PrefixExpression.Literal literal) {
                identity.append(literal.text());
            } else {
                identity.append(open);
            }
        }
        return identity.toString();
    }

    /** For people: values filled in, open expressions as they were written. */
    String description(String[] values, Failure.Kind kind) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < slots.length; i++) {
            PrefixExpression.Part part = parts.get(i);
            if (part instanceof PrefixExpression.Timestamp timestamp) {
                text.append("!{timestamp:").append(timestamp.pattern().pattern()).append('}');
            } else if (part instanceof PrefixExpression.RandomString) {
                text.append("!{firehose:random-string}");
            } else if (part instanceof PrefixExpression.Key) {
                text.append(values[slots[i]]);
            } else {
                text.append(known(part, kind));
            }
        }
        if (ending == Ending.DATE_FOLDERS) {
            text.append("!{timestamp:").append(DATE_FOLDERS.pattern()).append('}');
        }
        return text.toString();
    }

    private static String known(PrefixExpression.Part part, Failure.Kind kind) {
        if (part instanceof PrefixExpression.Literal literal) {
            return literal.text();
        }
        // PrefixRules keep the expression out of the prefix of the main output; if it is there all
        // the same it names no type.
        return kind == null ? "" : kind.errorOutputType();
    }
}
