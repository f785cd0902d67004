/**
 * Steps: processors that need no program of the user's.
 *
 * <p>{@link io.delivery.steps.CsvProcessor} makes JSON of a row of comma separated values, {@link
 * io.delivery.steps.RedactProcessor} hashes or masks values in JSON. Both look at one record after
 * the other and answer at once; neither keeps anything of a record. Implements {@code processing};
 * uses {@code record} and {@code config}.
 */
package io.delivery.steps;
