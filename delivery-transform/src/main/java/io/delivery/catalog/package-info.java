/**
 * Catalog: tables that are described in a directory of files.
 *
 * <p>Takes a database, a table and a version, gives a {@link io.delivery.format.TableSchema} from
 * {@code <database>/<table>.yaml} or {@code .avsc}. Implements the port {@code format}'s {@link
 * io.delivery.format.SchemaCatalog}. When a file breaks after it was read, its last good version
 * stays in force. Everything that is wrong with a file is told at once, by line.
 */
package io.delivery.catalog;
