/**
 * Error output: the parts that failed in processing, partitioning or conversion, with the reason.
 * What a store refuses does not come here: landing tries it again.
 *
 * <p>{@link io.delivery.erroroutput.ErrorRecordEncoder} makes one line of JSON of a failed record,
 * as Firehose writes it. An error object is such lines one behind the other: not compressed, no
 * extension. Uses {@code record}. Pure: no clock, no disk.
 */
package io.delivery.erroroutput;
