package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * An error of a running program, which its {@code try} can catch. It carries no stack trace: it is
 * data, and may be raised for every value of a loop.
 */
public final class JqError extends Exception {
    private static final long serialVersionUID = 1L;

    /** Room for a dumped value in a message, as in jq 1.6: {@code ERRORMAX_LEN} less its zero. */
    private static final int SHORT = 14;

    private transient JsonNode value;
    private transient Message message;
    private final String withoutValues;

    /**
     * What {@code catch} gets of an error that tells of values. It is made when it is asked for,
     * because most programs throw it away, and finding the digits of a number may take long. Until
     * then the error leads to the values, which no program can change.
     */
    @FunctionalInterface
    public interface Message {
        /**
         * The text, of a bounded length.
         *
         * @param budget is charged for what it takes to make it
         */
        String made(Budget budget);
    }

    private JqError(JsonNode value, Message message, String withoutValues) {
        super(withoutValues, null, false, false);
        this.value = value;
        this.message = message;
        this.withoutValues = withoutValues;
    }

    /** An error whose text is part of jq and has nothing of the record in it. */
    public JqError(String message) {
        this(TextNode.valueOf(message), null, message);
    }

    /**
     * @param message what {@code catch} gets, which may hold values of the record
     * @param withoutValues the same without them, for the record's failure
     */
    public JqError(String message, String withoutValues) {
        this(TextNode.valueOf(message), null, withoutValues);
    }

    /**
     * @param message makes what {@code catch} gets, which may hold values of the record
     * @param withoutValues the same without them, for the record's failure
     */
    public JqError(Message message, String withoutValues) {
        this(null, message, withoutValues);
    }

    /** What the program itself raises by {@code error(value)} or {@code break}. */
    public static JqError raised(JsonNode value) {
        return new JqError(value, null, null);
    }

    /** That one value has a type with which something cannot be done. */
    public static JqError of(JsonNode bad, String problem) {
        String kind = Order.kind(bad);
        return new JqError(
                budget -> kind + " (" + dump(bad, SHORT, budget) + ") " + problem,
                kind + " " + problem);
    }

    /** That two values have types with which something cannot be done. */
    public static JqError of(JsonNode one, JsonNode other, String problem) {
        String kind = Order.kind(one);
        String otherKind = Order.kind(other);
        return new JqError(
                budget ->
                        kind
                                + " ("
                                + dump(one, SHORT, budget)
                                + ") and "
                                + otherKind
                                + " ("
                                + dump(other, SHORT, budget)
                                + ") "
                                + problem,
                kind + " and " + otherKind + " " + problem);
    }

    /**
     * The value's JSON, cut to a number of characters: {@code jv_dump_string_trunc}.
     *
     * @param budget is charged for the numbers in it
     */
    public static String dump(JsonNode value, int most, Budget budget) {
        String json = JqText.beginning(value, most + 1, budget);
        return json.length() <= most ? json : json.substring(0, most - 3) + "...";
    }

    /**
     * What {@code catch} gets.
     *
     * @param budget is charged for its text, when that is made now
     */
    public JsonNode value(Budget budget) {
        if (value == null) {
            value = TextNode.valueOf(message.made(budget));
            message = null;
        }
        return value;
    }

    /** What the program itself has raised; null when something else is wrong. */
    public JsonNode raised() {
        return isRaised() ? value : null;
    }

    /** Whether the program raised it itself, so that all of it may come from the record. */
    public boolean isRaised() {
        return withoutValues == null;
    }

    /** What is wrong, without any value; null when the program raised it itself. */
    public String withoutValues() {
        return withoutValues;
    }
}
