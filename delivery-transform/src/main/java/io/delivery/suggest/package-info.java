/**
 * Suggest: makes a table for samples of JSON records, and says what a table does to them.
 *
 * <p>Takes {@link io.delivery.suggest.Sample}s one after the other, gives a {@link
 * io.delivery.suggest.SuggestedTable} and the reason of each sample that it does not hold. Tokens
 * go straight into counters; no sample is kept, and there are at most so many counters. Uses {@code
 * record} and the port {@code format}, whose decoder has the last word on every sample.
 */
package io.delivery.suggest;
