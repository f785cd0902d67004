/**
 * Catalog: tables that are described in a directory of files.
 *
 * <p>Takes a database, a table and a version, gives a {@link io.delivery.format.TableSchema} from
 * {@code <database>/<table>.yaml} or {@code .avsc}. Implements the port {@code format}'s {@link
 * io.delivery.format.SchemaCatalog}. A file that was good once stays in force while it is broken.
 * Everything that is wrong with a file is told at once, by line.
 */
package io.delivery.catalog;
