/**
 * Regular expressions as jq 1.6 has them: Oniguruma's, in Perl's syntax with named groups.
 *
 * <p>{@link io.delivery.jq.regex.Regex} is compiled once and searched often. It backtracks, as
 * Oniguruma does, and counts every instruction that it takes: no pattern and no text can hold a
 * lane, and no clock decides about a record. Uses {@code value}'s budget.
 */
package io.delivery.jq.regex;
