package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * What one run of a program may use. Every expression counts a step when it begins; whatever looks
 * at, copies or makes more than one node or character counts what it does, where it does it. A
 * program can do nothing without one of these, so every program ends.
 *
 * <p>Nothing here asks a clock: the same program takes the same steps on the same record.
 */
public final class Budget {
    /** Characters of one text value: several times the largest record. */
    public static final int MOST_CHARACTERS = 4 * 1024 * 1024;

    /** Highest array index that may be written. */
    public static final int MOST_ELEMENTS = 1024 * 1024;

    /**
     * Expressions that wait for each other. Each takes a few frames of some hundred bytes, so that
     * this comes before the end of a thread's default stack (1 MiB) for all but odd programs, for
     * which {@link StackOverflowError} is caught as well.
     */
    public static final int MOST_NESTED = 1_000;

    /** Nodes that are copied or looked at for the price of one step. */
    private static final int NODES_PER_STEP = 4;

    private static final int CHARACTERS_PER_NODE = 8;

    /**
     * Characters of two texts of which it is asked for the same price whether they are the same.
     */
    private static final int SAME_CHARACTERS_PER_NODE = 64;

    /** What it takes to find the digits of a double of few digits and a small exponent. */
    private static final int NODES_PER_SHORT_DOUBLE = 1;

    /** What it takes to find the digits of any other double that is not whole. */
    private static final int NODES_PER_DOUBLE = 8;

    /** Powers of two by which a double has more digits, for the price of one node. */
    private static final int POWERS_PER_NODE = 16;

    /** Doubles up to here that are whole are printed as integers. */
    private static final double MOST_WHOLE = 1e15;

    /** A hash table of names with one hash code is a tree, which takes so much longer. */
    private static final int TIMES_OF_ALIKE_NAMES = 8;

    /** Characters of two texts that are compared for the price of one node. */
    private static final int PAIRS_PER_NODE = 1024;

    /** Bits of an integer times bits, for the price of one node. */
    private static final int PAIRS_OF_BITS_PER_NODE = 16_384;

    /** Bits of an integer times their root, for the price of one node, where it is divided once. */
    private static final int BITS_OF_FIRST_DIGITS_PER_NODE = 8_192;

    private long limit;

    /** In nodes. */
    private long left;

    private int nested;
    private int nodesPerMember;
    private long labels;

    /** Makes so many steps available to the next run. */
    public void begin(long steps) {
        limit = steps;
        left = steps * NODES_PER_STEP;
        nested = 0;
        nodesPerMember = NODES_PER_STEP;
        labels = 0;
    }

    /** Counts one step. */
    public void step() {
        chargeNodes(NODES_PER_STEP);
    }

    /** Counts so many steps. */
    public void charge(long steps) {
        chargeNodes(
                steps > Long.MAX_VALUE / NODES_PER_STEP ? Long.MAX_VALUE : steps * NODES_PER_STEP);
    }

    /** Counts nodes that are copied or looked at. */
    public void chargeNodes(long nodes) {
        left -= nodes;
        if (left < 0) {
            throw spent();
        }
    }

    /** Takes away all that is left, and tells so. */
    public LimitExceededException spent() {
        left = -1;
        return new LimitExceededException(
                "the jq query takes more than " + limit + " steps on this record", true);
    }

    /** Steps that are left. */
    public long left() {
        return Math.max(0, left) / NODES_PER_STEP;
    }

    /** Counts a step that waits for others. */
    public void enter() {
        step();
        if (++nested > MOST_NESTED) {
            throw new LimitExceededException("the jq query recurses too deeply on this record");
        }
    }

    /** The step of {@link #enter} has ended. */
    public void leave() {
        nested--;
    }

    /** Steps that wait for others at this moment. */
    public int nested() {
        return nested;
    }

    /** Goes back to where an error was caught that passed the ends of steps. */
    public void returnTo(int depth) {
        nested = depth;
    }

    /** A number that no other label has. */
    public long nextLabel() {
        return labels++;
    }

    /** Counts members of objects that are copied: each is a step, since it is hashed. */
    public void chargeMembers(long members) {
        chargeNodes(members * nodesPerMember);
    }

    /** The record has names that are alike to a hash table: copying its objects costs more. */
    public void raiseMembers() {
        nodesPerMember = NODES_PER_STEP * TIMES_OF_ALIKE_NAMES;
    }

    /** Counts a walk through the whole value, and what it takes to print it. */
    public void chargeWeight(JsonNode value) {
        chargeNodes(weight(value, true));
    }

    /** Counts a walk through the whole value, of which nothing is printed. */
    public void chargeWalk(JsonNode value) {
        chargeNodes(weight(value, false));
    }

    /** Counts finding the first digits of a number. */
    void chargeBeginning(JsonNode number) {
        chargeNodes(
                number.isBigInteger()
                        ? firstDigits(number.bigIntegerValue().bitLength())
                        : inside(number, true));
    }

    /** Counts sorting so many elements, without their comparisons. */
    public void chargeSorting(int elements) {
        chargeNodes(elements * (1L + (31 - Integer.numberOfLeadingZeros(elements | 1)) / 4));
    }

    /** Counts a look at characters. */
    public void chargeCharacters(long characters) {
        chargeNodes(characters / CHARACTERS_PER_NODE);
    }

    /**
     * Counts asking whether two texts or names of this length are the same, which looks at several
     * characters at once.
     */
    public void chargeSameness(long characters) {
        chargeNodes(characters / SAME_CHARACTERS_PER_NODE);
    }

    /** Counts the search of one text in another. */
    public void chargeSearch(int length, int searched) {
        chargeNodes(length / CHARACTERS_PER_NODE + (long) length * searched / PAIRS_PER_NODE);
    }

    /** Counts a text that is made, and refuses one too long. */
    public void chargeText(long characters) {
        if (characters > MOST_CHARACTERS) {
            throw new LimitExceededException(
                    "the jq query makes a text of more than "
                            + MOST_CHARACTERS
                            + " characters on this record");
        }
        chargeCharacters(characters);
    }

    /** Refuses to fill an array up to a far index. */
    public void checkIndex(double index) {
        if (Math.abs(index) > MOST_ELEMENTS) {
            throw new LimitExceededException(
                    "the jq query uses an array index beyond " + MOST_ELEMENTS);
        }
    }

    /** Nodes in the value, with what is in them; stops counting beyond what is left. */
    private long weight(JsonNode value, boolean isPrinted) {
        long weight = 1 + inside(value, isPrinted);
        if (!value.isContainerNode()) {
            return weight;
        }
        ArrayDeque<Iterator<JsonNode>> open = new ArrayDeque<>();
        open.push(value.elements());
        while (!open.isEmpty() && weight <= left) {
            if (!open.peek().hasNext()) {
                open.pop();
                continue;
            }
            JsonNode node = open.peek().next();
            weight += 1 + inside(node, isPrinted);
            if (node.isContainerNode()) {
                open.push(node.elements());
            }
        }
        return weight;
    }

    /** The characters of a text and the digits of a number that is printed, in nodes. */
    private static long inside(JsonNode value, boolean isPrinted) {
        if (value.isTextual()) {
            return value.textValue().length() / CHARACTERS_PER_NODE;
        }
        if (!isPrinted) {
            return 0;
        }
        if (value.isDouble()) {
            return digits(value.doubleValue());
        }
        return value.isBigInteger() ? digits(value.bigIntegerValue().bitLength()) : 0;
    }

    private static long digits(double value) {
        boolean isWhole = Math.abs(value) < MOST_WHOLE && value == Math.rint(value);
        if (isWhole || Double.isNaN(value)) {
            return 0;
        }
        return Decimals.isShort(value)
                ? NODES_PER_SHORT_DOUBLE
                : NODES_PER_DOUBLE + Math.abs(Math.getExponent(value)) / POWERS_PER_NODE;
    }

    /** Each digit of an integer looks at all bits that are left. */
    private static long digits(int bits) {
        return (long) bits * bits / PAIRS_OF_BITS_PER_NODE;
    }

    /** A division by a power of ten, which takes less than the square of the bits. */
    private static long firstDigits(int bits) {
        return (long) (bits * Math.sqrt(bits) / BITS_OF_FIRST_DIGITS_PER_NODE);
    }

    /**
     * Ends the run. Unchecked and no jq error, so that no {@code try} of the program catches it.
     */
    public static final class LimitExceededException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean ofSteps;

        /** A limit that is not one of steps. */
        public LimitExceededException(String message) {
            this(message, false);
        }

        private LimitExceededException(String message, boolean ofSteps) {
            super(message, null, false, false);
            this.ofSteps = ofSteps;
        }

        /** Whether there were too many steps. */
        public boolean isOfSteps() {
            return ofSteps;
        }
    }
}
