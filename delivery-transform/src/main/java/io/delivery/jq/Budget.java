package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * What one run of a program may use. Every expression counts a step when it begins and one for each
 * value that it yields; functions and operators that look at whole values also count their weight.
 * Everything a program can do passes through one of these, so every program ends.
 */
final class Budget {
    /** Characters of one text value: several times the largest record. */
    static final int MOST_CHARACTERS = 4 * 1024 * 1024;

    /** Highest array index that may be written or asked for. */
    static final int MOST_ELEMENTS = 1024 * 1024;

    /**
     * Expressions that wait for each other. Each takes several frames of some hundred bytes, so
     * that this comes before the end of a thread's default stack (1 MiB) for all but odd programs,
     * for which {@link StackOverflowError} is caught as well.
     */
    static final int MOST_NESTED = 1_000;

    /**
     * All regular expressions of one run, together. Wall-clock time, because joni knows nothing
     * else: long enough that no pause of the machine fails a good record.
     */
    private static final long REGEX_NANOS = 2_000_000_000L;

    /** Copying or reading so many nodes counts as one step. */
    private static final int NODES_PER_STEP = 4;

    private static final int CHARACTERS_PER_NODE = 8;

    /** Comparing or repeating so many elements or characters counts as one step. */
    private static final int PAIRS_PER_STEP = 4096;

    private final long limit;
    private long left;
    private int nested;
    private long regexNanosLeft;
    private long labels;

    Budget(long limit) {
        this.limit = limit;
        begin();
    }

    /** Makes everything available again, for the next run. */
    void begin() {
        left = limit;
        nested = 0;
        regexNanosLeft = REGEX_NANOS;
    }

    void step() {
        charge(1);
    }

    void charge(long steps) {
        left -= steps;
        if (left < 0) {
            throw new LimitExceededException(
                    "the jq query takes more than " + limit + " steps on this record");
        }
    }

    void enter() {
        step();
        if (++nested > MOST_NESTED) {
            throw new LimitExceededException("the jq query recurses too deeply on this record");
        }
    }

    void leave() {
        nested--;
    }

    /** A number that no other label of this run has. */
    long nextLabel() {
        return labels++;
    }

    /** Counts a walk through the whole value. */
    void chargeWeight(JsonNode value) {
        charge(weight(value) / NODES_PER_STEP);
    }

    /** Counts a look at the value's own elements or characters, not at what is in them. */
    void chargeSize(JsonNode value) {
        charge(sizeInNodes(value) / NODES_PER_STEP);
    }

    /** Counts a comparison of every element or character of one value with every one of another. */
    void chargePairs(JsonNode one, JsonNode other) {
        charge(Math.max(1, size(one)) * Math.max(1, size(other)) / PAIRS_PER_STEP);
    }

    /** Refuses a text that has grown too long. */
    void checkLength(long characters) {
        if (characters > MOST_CHARACTERS) {
            throw new LimitExceededException(
                    "the jq query makes a text of more than "
                            + MOST_CHARACTERS
                            + " characters on this record");
        }
    }

    /** Counts a text that is made of less than its own length, and refuses one too long. */
    void chargeText(long characters) {
        checkLength(characters);
        charge(characters / CHARACTERS_PER_NODE / NODES_PER_STEP);
    }

    /** Refuses to fill an array up to a far index. */
    void checkIndex(JsonNode index) {
        if (index.isNumber() && Math.abs(index.asDouble()) > MOST_ELEMENTS) {
            throw new LimitExceededException(
                    "the jq query uses an array index beyond " + MOST_ELEMENTS);
        }
    }

    /**
     * Counts what a write to this path adds to the arrays on its way, up to its indexes: they are
     * filled with nulls.
     */
    void chargeFill(JsonNode in, JsonNode path) {
        long filled = 0;
        JsonNode at = in;
        for (JsonNode element : path) {
            checkIndex(element);
            if (element.isNumber()) {
                filled += Math.max(0, element.asInt() - (at.isArray() ? at.size() : 0));
                at = at.path(element.asInt());
            } else {
                at = element.isTextual() ? at.path(element.textValue()) : MissingNode.getInstance();
            }
        }
        charge(filled / NODES_PER_STEP);
    }

    long regexNanosLeft() {
        return regexNanosLeft;
    }

    void chargeRegex(long nanos) {
        regexNanosLeft -= nanos;
        if (regexNanosLeft <= 0) {
            throw new LimitExceededException(
                    "the jq query's regular expressions take too long on this record");
        }
    }

    /** Nodes in the value; stops counting beyond what is left. */
    private long weight(JsonNode value) {
        if (!value.isContainerNode()) {
            return sizeInNodes(value);
        }
        long most = left * NODES_PER_STEP;
        long weight = 1;
        ArrayDeque<Iterator<JsonNode>> open = new ArrayDeque<>();
        open.push(value.elements());
        while (!open.isEmpty() && weight <= most + NODES_PER_STEP) {
            if (!open.peek().hasNext()) {
                open.pop();
                continue;
            }
            JsonNode node = open.peek().next();
            if (node.isContainerNode()) {
                weight++;
                open.push(node.elements());
            } else {
                weight += sizeInNodes(node);
            }
        }
        return weight;
    }

    private static long sizeInNodes(JsonNode value) {
        return value.isContainerNode() ? 1L + value.size() : 1 + size(value) / CHARACTERS_PER_NODE;
    }

    private static long size(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue().length();
        }
        return value.size();
    }

    /**
     * Ends the run. Unchecked and no jq error, so that no {@code try} of the program catches it.
     */
    static final class LimitExceededException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LimitExceededException(String message) {
            super(message, null, false, false);
        }
    }
}
