package io.delivery.api.model;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a value of a request may be. */
public sealed interface Shape {
    /** What the visitor makes of this shape. */
    <R> R accept(Visitor<R> visitor);

    /**
     * Knows every kind of shape.
     *
     * @param <R> what it makes of them
     */
    interface Visitor<R> {
        R structure(Structure shape);

        R list(ListOf shape);

        R map(MapOf shape);

        R text(Text shape);

        R number(NumberShape shape);

        R flag(Flag shape);

        R blob(Blob shape);
    }

    /**
     * How many, how long or how large something may be.
     *
     * @param min empty: the model does not say
     * @param max empty: the model does not say
     */
    record Range(Optional<Double> min, Optional<Double> max) {
        boolean isBelow(double value) {
            return min.isPresent() && value < min.get();
        }

        boolean isAbove(double value) {
            return max.isPresent() && value > max.get();
        }
    }

    /**
     * Members by name.
     *
     * @param members in the model's order, as they are written in requests
     * @param required names of those that must be there
     */
    record Structure(Map<String, Member> members, Set<String> required) implements Shape {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.structure(this);
        }
    }

    /** A member of a structure; shapes may hold themselves, so it is looked up when it is asked. */
    interface Member {
        Shape shape();
    }

    /** Elements in order. */
    record ListOf(Member element, Range length) implements Shape {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.list(this);
        }
    }

    /** Values by a text. */
    record MapOf(Member key, Member value, Range length) implements Shape {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.map(this);
        }
    }

    /**
     * A text.
     *
     * @param length in UTF-16 units
     * @param pattern that all of it must match
     * @param words the only ones that may be; empty: any
     */
    record Text(Range length, Optional<Pattern> pattern, Set<String> words) implements Shape {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.text(this);
        }
    }

    /** A number. */
    record NumberShape(Kind kind, Range range) implements Shape {
        /** Which numbers. */
        public enum Kind {
            /** 32 bits. */
            INTEGER("an Integer"),
            DOUBLE("a Double"),
            /** Seconds since 1970, with a fraction or without. */
            TIMESTAMP("a Timestamp");

            private final String words;

            Kind(String words) {
                this.words = words;
            }

            /** As messages name it. */
            String words() {
                return words;
            }
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.number(this);
        }
    }

    /** True or false. */
    record Flag() implements Shape {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.flag(this);
        }
    }

    /**
     * Bytes, in base64.
     *
     * @param length in bytes
     */
    record Blob(Range length) implements Shape {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.blob(this);
        }
    }
}
