package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.value.JqError;

/** Takes what an expression yields. */
@FunctionalInterface
public interface Output {
    /**
     * Takes one value.
     *
     * @param path as far as it is known where the value comes from; null when nobody asked
     * @throws JqError raised by what stands behind the expression
     */
    void take(JsonNode value, Path path) throws JqError;
}
