package io.delivery.admin;

import io.delivery.function.FunctionStatus;

/**
 * The function that a stream uses.
 *
 * @param name under functions
 */
public record UsedFunction(String name, FunctionStatus status) {}
