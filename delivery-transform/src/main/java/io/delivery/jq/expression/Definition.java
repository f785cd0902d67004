package io.delivery.jq.expression;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A function that is written in jq. Its body is known later than its name: it may call itself. */
public final class Definition {
    private final List<String> parameters;
    private final Map<Kinds, Kinds> kinds = new HashMap<>();
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

    /**
     * Which kinds of values its body can yield; any while that is being found out, which is where
     * it calls itself. Found out once for each input, or definitions that call each other twice
     * would take for ever.
     */
    Kinds kinds(Kinds in) {
        Kinds known = kinds.get(in);
        if (known == null) {
            kinds.put(in, Kinds.ANY);
            known = body == null ? Kinds.ANY : body.kinds(in);
            kinds.put(in, known);
        }
        return known;
    }

    /** Called once, before the first run. */
    public void setBody(Expression body) {
        this.body = body;
    }
}
