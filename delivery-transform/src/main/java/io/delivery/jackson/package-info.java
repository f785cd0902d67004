/**
 * Jackson: parsers of JSON that others have written.
 *
 * <p>{@link io.delivery.jackson.BoundedParsers} makes parsers for one record after the other, and
 * for documents that come alone. What Jackson keeps of the names in them is bounded, in memory and
 * in the time that it takes. Knows nothing but Jackson; seen by every room that reads such JSON.
 */
package io.delivery.jackson;
