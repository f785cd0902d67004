/**
 * Config: what a user chose, as immutable records, and the rules it must keep.
 *
 * <p>One model for both surfaces, YAML and the Firehose API. Checked completely at the edge by
 * {@code validate(path, problems)}, which reports every problem at once, and never again inside.
 * Holds no component: no clock, no store, no file. Uses nothing of the other rooms but {@code
 * partition} for the grammar of prefixes.
 */
package io.delivery.config;
