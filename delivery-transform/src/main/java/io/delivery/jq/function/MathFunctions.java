package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.delivery.jq.expression.Calls.Values;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.JqError;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Functions between numbers, as C's. */
final class MathFunctions {
    /** From here on the square of a number has no room for a one beside it. */
    private static final double LARGE = 0x1p28;

    private final Map<String, Values> functions = new HashMap<>();

    private MathFunctions() {}

    /** By name and number of arguments. */
    static Map<String, Values> all() {
        MathFunctions all = new MathFunctions();
        JacksonJq.NAMES.forEach(name -> all.functions.put(name, JacksonJq.function(name)));
        all.addRoundings();
        all.addParts();
        all.addOthers();
        return all.functions;
    }

    private void add(String name, DoubleUnaryOperator function) {
        functions.put(
                name + "/0", (in, none) -> DoubleNode.valueOf(function.applyAsDouble(number(in))));
    }

    private void add(String name, DoubleBinaryOperator function) {
        functions.put(
                name + "/2",
                (in, values) ->
                        DoubleNode.valueOf(
                                function.applyAsDouble(number(values[0]), number(values[1]))));
    }

    private static double number(JsonNode value) throws JqError {
        if (!value.isNumber()) {
            throw JqError.of(value, "number required");
        }
        return value.doubleValue();
    }

    /** An integer stays what it is, however many digits it has. */
    private void addRounding(String name, DoubleUnaryOperator function) {
        functions.put(
                name + "/0",
                (in, none) -> {
                    double rounded = function.applyAsDouble(number(in));
                    return in.isIntegralNumber() ? in : DoubleNode.valueOf(rounded);
                });
    }

    private void addRoundings() {
        addRounding("floor", Math::floor);
        addRounding("ceil", Math::ceil);
        addRounding("trunc", a -> a < 0 ? Math.ceil(a) : Math.floor(a));
        addRounding("rint", Math::rint);
        addRounding("nearbyint", Math::rint);
        addRounding("round", MathFunctions::round);
        functions.put(
                "fabs/0",
                (in, none) ->
                        number(in) < 0 || !in.isLong()
                                ? DoubleNode.valueOf(Math.abs(number(in)))
                                : in);
    }

    /** Half away from zero. */
    private static double round(double a) {
        double whole = Math.rint(a);
        double rounded = Math.abs(a - whole) == 0.5 ? a + Math.copySign(0.5, a) : whole;
        return Math.copySign(rounded, a);
    }

    private void addParts() {
        add("logb", MathFunctions::exponent);
        add("significand", MathFunctions::significand);
        functions.put(
                "frexp/0",
                (in, none) -> {
                    double a = number(in);
                    boolean isWhole = a == 0 || Double.isInfinite(a) || Double.isNaN(a);
                    return isWhole ? pair(a, 0) : pair(significand(a) / 2, (long) exponent(a) + 1);
                });
        functions.put(
                "modf/0",
                (in, none) -> {
                    double a = number(in);
                    double whole = a < 0 ? Math.ceil(a) : Math.floor(a);
                    double rest = Double.isInfinite(a) ? 0 : a - whole;
                    return array(Math.copySign(rest, a)).add(whole);
                });
        functions.put(
                "lgamma_r/0",
                (in, none) -> pair(Gamma.logarithm(number(in)), Gamma.sign(number(in))));
        add("ldexp", MathFunctions::scaled);
        add("scalb", MathFunctions::scalb);
        add("scalbln", MathFunctions::scaled);
    }

    /** The power of two, also of subnormal numbers. */
    private static double exponent(double a) {
        if (a == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (Double.isNaN(a) || Double.isInfinite(a)) {
            return a * a;
        }
        return Math.abs(a) < Double.MIN_NORMAL
                ? Math.getExponent(a * 0x1p54) - 54
                : Math.getExponent(a);
    }

    private static double significand(double a) {
        if (a == 0 || Double.isNaN(a) || Double.isInfinite(a)) {
            return a;
        }
        double normal = Math.abs(a) < Double.MIN_NORMAL ? a * 0x1p54 : a;
        return Math.scalb(normal, -Math.getExponent(normal));
    }

    /** The exponent as C converts it to an integer: not a number becomes the least. */
    private static double scaled(double a, double exponent) {
        boolean isNan = Double.isNaN(exponent);
        return Math.scalb(a, isNan ? -5000 : (int) Math.max(-5000, Math.min(5000, exponent)));
    }

    private static double scalb(double a, double exponent) {
        if (Double.isNaN(a) || Double.isNaN(exponent)) {
            return Double.NaN;
        }
        if (Double.isInfinite(exponent)) {
            return exponent > 0 ? a * exponent : a == 0 ? a : a / -exponent;
        }
        return exponent == Math.rint(exponent) ? scaled(a, exponent) : Double.NaN;
    }

    private void addOthers() {
        add("gamma", Gamma::logarithm);
        add("lgamma", Gamma::logarithm);
        add("tgamma", Gamma::of);
        add("pow", Math::pow);
        add("acosh", MathFunctions::acosh);
        add("asinh", a -> Math.copySign(asinh(Math.abs(a)), a));
        add("atanh", a -> Math.copySign(0.5 * Math.log1p(2 * Math.abs(a) / (1 - Math.abs(a))), a));
        add("remainder", Math::IEEEremainder);
        add("drem", Math::IEEEremainder);
        add("copysign", (a, b) -> Math.copySign(a, Double.isNaN(b) ? 1 : b));
        add("fdim", (a, b) -> Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : a > b ? a - b : 0);
        add("fmax", (a, b) -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b));
        add("fmin", (a, b) -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b));
        add("fmod", (a, b) -> a % b);
        add("hypot", Math::hypot);
        add("nextafter", Math::nextAfter);
        add("nexttoward", Math::nextAfter);
        functions.put(
                "fma/3",
                (in, values) ->
                        DoubleNode.valueOf(
                                Math.fma(number(values[0]), number(values[1]), number(values[2]))));
        functions.put(
                "pow10/0",
                (in, none) -> {
                    throw new JqError("Error: pow10/0 not found at build time");
                });
        functions.put("infinite/0", (in, none) -> DoubleNode.valueOf(Double.POSITIVE_INFINITY));
        functions.put("nan/0", (in, none) -> DoubleNode.valueOf(Double.NaN));
    }

    private static double asinh(double a) {
        if (a > LARGE) {
            return Math.log(a) + Math.log(2);
        }
        return a > 2
                ? Math.log(2 * a + 1 / (Math.sqrt(a * a + 1) + a))
                : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
    }

    private static double acosh(double a) {
        if (a > LARGE) {
            return Math.log(a) + Math.log(2);
        }
        double above = a - 1;
        return a > 2
                ? Math.log(2 * a - 1 / (a + Math.sqrt(a * a - 1)))
                : Math.log1p(above + Math.sqrt(2 * above + above * above));
    }

    private static ArrayNode array(double first) {
        return JsonNodeFactory.instance.arrayNode().add(first);
    }

    private static JsonNode pair(double first, long second) {
        return array(first).add(Arithmetic.integer(second));
    }
}
