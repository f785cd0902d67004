package io.delivery.runtime;

/**
 * What keeps a function from running here.
 *
 * @param setting of the function that is to be corrected: {@code code}, {@code handler}
 * @param message one sentence, with the cure
 */
public record FunctionProblem(String setting, String message) {
    static FunctionProblem ofRuntime(String message) {
        return new FunctionProblem("runtime", message);
    }

    static FunctionProblem ofCode(String message) {
        return new FunctionProblem("code", message);
    }

    static FunctionProblem ofHandler(String message) {
        return new FunctionProblem("handler", message);
    }
}
