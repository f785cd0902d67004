/**
 * The functions of jq 1.6.
 *
 * <p>{@link io.delivery.jq.function.Functions} knows them all by name: those of values, which are
 * ours or, in mathematics, jackson-jq's through its public interface; those that need their
 * arguments as expressions; and those that jq defines in jq itself ({@code definitions.jq}). Uses
 * {@code expression}, {@code value} and {@code date}.
 */
package io.delivery.jq.function;
