package io.delivery.jq.expression;

import java.util.List;

/** A function that is written in jq. Its body is known later than its name: it may call itself. */
public final class Definition {
    private final List<String> parameters;
    private Expression body;

    /**
     * @param parameters names; one with a dollar stands for values, not for an expression
     */
    public Definition(List<String> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    public List<String> parameters() {
        return parameters;
    }

    boolean isVariable(int parameter) {
        return parameters.get(parameter).startsWith("$");
    }

    Expression body() {
        return body;
    }

    /** Called once, before the first run. */
    public void setBody(Expression body) {
        this.body = body;
    }
}
