package io.delivery.jq.grammar;

import io.delivery.jq.expression.Definition;
import java.util.HashMap;
import java.util.Map;

/**
 * What a program may name at a place, innermost first. It counts bindings as they will be at run
 * time: a variable, a parameter and a label are one each, a definition is none.
 */
final class Names {
    /** What a name stands for. */
    private record Bound(Kind kind, Definition definition, int depth) {}

    private enum Kind {
        VARIABLE,
        LABEL,
        PARAMETER,
        DEFINITION
    }

    private final Names outer;
    private final Map<String, Bound> bound = new HashMap<>();
    private int depth;

    private Names(Names outer) {
        this.outer = outer;
        this.depth = outer == null ? 0 : outer.depth;
    }

    /** Where nothing is bound. */
    static Names none() {
        return new Names(null);
    }

    /** Whatever is added to these is not known outside. */
    Names inner() {
        return new Names(this);
    }

    Names outer() {
        return outer;
    }

    void addVariable(String name) {
        bound.put("$" + name, new Bound(Kind.VARIABLE, null, ++depth));
    }

    void addLabel(String name) {
        bound.put("*" + name, new Bound(Kind.LABEL, null, ++depth));
    }

    /** A parameter that stands for an expression. */
    void addParameter(String name) {
        bound.put(name + "/0", new Bound(Kind.PARAMETER, null, ++depth));
    }

    void addDefinition(String name, Definition definition) {
        String nameAndArity = name + "/" + definition.parameters().size();
        bound.put(nameAndArity, new Bound(Kind.DEFINITION, definition, depth));
    }

    private Bound find(String name) {
        for (Names names = this; names != null; names = names.outer) {
            Bound found = names.bound.get(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** How many bindings lie between here and a variable; -1 when there is none of that name. */
    int toVariable(String name) {
        return distance(find("$" + name));
    }

    /** The same for a label. */
    int toLabel(String name) {
        return distance(find("*" + name));
    }

    private int distance(Bound found) {
        return found == null ? -1 : depth - found.depth();
    }

    boolean hasFunction(String nameAndArity) {
        return find(nameAndArity) != null;
    }

    /** Null when the name stands for a parameter. */
    Definition definition(String nameAndArity) {
        return find(nameAndArity).definition();
    }

    /** How many bindings lie between here and a function or parameter. */
    int toFunction(String nameAndArity) {
        return distance(find(nameAndArity));
    }
}
