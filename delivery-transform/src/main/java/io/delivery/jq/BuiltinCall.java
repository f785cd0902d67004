package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/** A call of a function that the program did not define itself. */
record BuiltinCall(String name, Function function, List<Expression> arguments)
        implements Expression {
    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        function.apply(scope, arguments, in, path, out, Versions.JQ_1_6);
    }
}
