package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.value.Budget;
import io.delivery.record.RecordFailedException;

/** Makes something of the value that a program yields; its work is in the program's budget. */
@FunctionalInterface
interface JqUse<R> {
    /**
     * @param yielded null when the program yields nothing
     */
    R of(JsonNode yielded, Budget budget) throws RecordFailedException;
}
