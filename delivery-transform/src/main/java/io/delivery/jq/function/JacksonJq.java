package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import io.delivery.jq.expression.Calls.Values;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.JqError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/**
 * Functions of jackson-jq, through its public interface: those between numbers, whose results are
 * C's and whose cost does not depend on their values.
 */
final class JacksonJq {
    /** Names with the number of their arguments. */
    static final List<String> NAMES =
            List.of(
                    "acos/0", "asin/0", "atan/0", "atan2/2", "cbrt/0", "cos/0", "cosh/0", "exp/0",
                    "exp10/0", "exp2/0", "expm1/0", "log/0", "log10/0", "log1p/0", "log2/0",
                    "sin/0", "sinh/0", "sqrt/0", "tan/0", "tanh/0");

    /** Up to here a double has all digits of every integer. */
    private static final double MOST_EXACT = 0x1p53;

    private static final Map<String, Function> FUNCTIONS =
            BuiltinFunctionLoader.getInstance()
                    .loadFunctionsFromServiceLoader(
                            Function.class.getClassLoader(), Versions.JQ_1_6);

    private JacksonJq() {}

    /** One of {@link #NAMES}. */
    static Values function(String name) {
        Function function = FUNCTIONS.get(name);
        if (function == null) {
            throw new IllegalStateException("jackson-jq has no " + name);
        }
        return (in, arguments) -> apply(function, in, arguments);
    }

    private static JsonNode apply(Function function, JsonNode in, JsonNode[] arguments)
            throws JqError {
        if (arguments.length == 0) {
            checkNumber(in);
        }
        List<Expression> constants = new ArrayList<>(arguments.length);
        for (JsonNode argument : arguments) {
            checkNumber(argument);
            constants.add((scope, value, path, out, wantsPath) -> out.emit(argument, null));
        }
        JsonNode[] result = new JsonNode[1];
        try {
            function.apply(
                    Scope.newEmptyScope(),
                    constants,
                    in,
                    null,
                    (value, path) -> result[0] = value,
                    Versions.JQ_1_6);
        } catch (JsonQueryException error) {
            throw new JqError("number required");
        }
        return ofOurs(result[0], arguments.length == 0 ? in : arguments[0]);
    }

    private static void checkNumber(JsonNode value) throws JqError {
        if (!value.isNumber()) {
            throw JqError.of(value, "number required");
        }
    }

    /**
     * Zero loses its sign there; all these functions that make zero of zero keep it. A large result
     * is an integer there, and its last digits would be none that the function has found.
     */
    private static JsonNode ofOurs(JsonNode result, JsonNode argument) {
        double value = result.doubleValue();
        boolean negativeZero = Double.doubleToRawLongBits(argument.doubleValue()) == 1L << 63;
        if (value == 0 && negativeZero) {
            return argument;
        }
        return result.isIntegralNumber() && Math.abs(value) <= MOST_EXACT
                ? Arithmetic.integer(result.longValue())
                : DoubleNode.valueOf(value);
    }
}
