/**
 * Dates as the GNU C library writes and reads them, in its C locale and in UTC.
 *
 * <p>{@link io.delivery.jq.date.JqDates} has the functions of jq 1.6 that call it. Uses {@code
 * value}.
 */
package io.delivery.jq.date;
