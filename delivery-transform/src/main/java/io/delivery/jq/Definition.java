package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.JsonQueryFunction;
import net.thisptr.jackson.jq.path.Path;

/** {@code def name(parameters): body; rest}: the name is known in body and rest only. */
record Definition(String name, List<String> parameters, Expression body, Expression rest)
        implements Expression {
    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        Scope inner = Scope.newChildScope(scope);
        inner.addFunction(
                name, parameters.size(), new JsonQueryFunction(name, parameters, body, inner));
        rest.apply(inner, in, path, out, requirePath);
    }
}
