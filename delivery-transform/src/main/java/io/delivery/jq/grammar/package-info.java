/**
 * The grammar of jq 1.6: makes expressions of a program's text.
 *
 * <p>{@link io.delivery.jq.grammar.JqParser} resolves every name when it meets it, so that an
 * unknown or refused one is a problem of the query, with its place, and not of each record. Uses
 * {@code expression} and {@code function}.
 */
package io.delivery.jq.grammar;
