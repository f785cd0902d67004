package io.delivery.partition;

import io.delivery.record.Failure;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One prefix, the name behind it, and how both become a key. Immutable. */
final class KeyLayout {
    /**
     * The date that follows a prefix without a place of its own for one. Captured keys of Firehose
     * show that its year is the calendar's, not the week-based one.
     */
    private static final TimestampPattern DATE_FOLDERS = new TimestampPattern("yyyy/MM/dd/HH/");

    private static final TimestampPattern NAME_TIME = new TimestampPattern("yyyy-MM-dd-HH-mm-ss");
    private static final String ANY_RANDOM_STRING = "01234567-89";
    private static final String ANY_UUID = "01234567-89ab-4cde-8f01-23456789abcd";

    /** What the layout adds to a prefix without being asked. */
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

    /** Writes a prefix, part by part. Subclasses say how open expressions are written. */
    private abstract class Writing implements PrefixExpression.Visitor {
        final StringBuilder text = new StringBuilder(160);

        /** The position of the part that is being written. */
        int place;

        private final String[] values;
        private final Failure.Kind kind;

        /**
         * @param kind null for the main output
         */
        Writing(String[] values, Failure.Kind kind) {
            this.values = values;
            this.kind = kind;
        }

        StringBuilder written() {
            for (place = 0; place < slots.length; place++) {
                parts.get(place).accept(this);
            }
            return text;
        }

        @Override
        public void literal(PrefixExpression.Literal literal) {
            text.append(literal.text());
        }

        @Override
        public void key(PrefixExpression.Key key) {
            text.append(values[slots[place]]);
        }

        /**
         * PrefixRules keep the expression out of the prefix of the main output; if it is there all
         * the same it names no type.
         */
        @Override
        public void errorOutputType() {
            text.append(kind == null ? "" : kind.errorOutputType());
        }
    }

    /** The partition keys it needs, each once. */
    List<PrefixExpression.Key> keys() {
        return keys;
    }

    /** The key of an object. */
    String key(BoundPrefix bound, int version, long oldestArrivalMillis, KeySalt salt) {
        StringBuilder key =
                new Writing(bound.values(), bound.kindOrNull()) {
                    @Override
                    public void timestamp(PrefixExpression.Timestamp timestamp) {
                        text.append(timestamp.pattern().format(oldestArrivalMillis, zone));
                    }

                    @Override
                    public void randomString() {
                        text.append(salt.randomString(place));
                    }
                }.written();
        if (ending == Ending.DATE_FOLDERS) {
            key.append(DATE_FOLDERS.format(oldestArrivalMillis, zone));
        }
        key.append(streamName).append('-').append(version).append('-');
        key.append(NAME_TIME.format(oldestArrivalMillis, zone)).append('-');
        return key.append(salt.uuid()).append(extension).toString();
    }

    /** The prefix at the time and with the random strings that make it longest. */
    String longestPrefix(String[] values, Failure.Kind kind) {
        return new Writing(values, kind) {
            @Override
            public void timestamp(PrefixExpression.Timestamp timestamp) {
                text.append(longest[place]);
            }

            @Override
            public void randomString() {
                text.append(ANY_RANDOM_STRING);
            }
        }.written().toString();
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
     * How many folders a key begins with in whose names no value and no random string has a part.
     */
    int foldersBeforeValues() {
        String open = "\0"; // no prefix holds it
        String[] values = new String[keys.size()];
        Arrays.fill(values, open);
        String prefix =
                new Writing(values, null) {
                    @Override
                    public void timestamp(PrefixExpression.Timestamp timestamp) {
                        text.append(longest[place]); // at any time it has as many slashes
                    }

                    @Override
                    public void randomString() {
                        text.append(open);
                    }
                }.written().append(open).toString();
        return KeyShape.folders(prefix.substring(0, prefix.indexOf(open)));
    }

    /**
     * The prefix with this text in place of each open expression: equal prefixes are one partition.
     */
    String identity(String[] values, char open) {
        return new Writing(values, null) {
            @Override
            public void timestamp(PrefixExpression.Timestamp timestamp) {
                text.append(open);
            }

            @Override
            public void randomString() {
                text.append(open);
            }

            @Override
            public void errorOutputType() {
                text.append(open);
            }
        }.written().toString();
    }

    /** A text for people: the values are filled in, open expressions stand as they were written. */
    String description(String[] values, Failure.Kind kind) {
        StringBuilder description =
                new Writing(values, kind) {
                    @Override
                    public void timestamp(PrefixExpression.Timestamp timestamp) {
                        String pattern = timestamp.pattern().pattern();
                        text.append("!{timestamp:").append(pattern).append('}');
                    }

                    @Override
                    public void randomString() {
                        text.append("!{firehose:random-string}");
                    }
                }.written();
        if (ending == Ending.DATE_FOLDERS) {
            description.append("!{timestamp:").append(DATE_FOLDERS.pattern()).append('}');
        }
        return description.toString();
    }
}
