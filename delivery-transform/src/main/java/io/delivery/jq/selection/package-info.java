/**
 * Selection: reads from a record's bytes only the values that a program looks at.
 *
 * <p>{@link io.delivery.jq.selection.SelectedRecord} is told the places once, ways of names such as
 * {@code .geo.region}, and then finds their values in one record after the other. Everything else
 * in a record is passed over, and is checked for JSON and UTF-8 all the same. It takes nothing that
 * {@link io.delivery.jq.value.JsonReader} would refuse or read otherwise: what it does not decide,
 * such as a name that is there twice, gives the record up, and whoever asked reads it as a whole.
 * Uses {@code value}; knows no program.
 */
package io.delivery.jq.selection;
