/**
 * Columns: turns typed rows into the pages of a Parquet row group.
 *
 * <p>{@link io.delivery.parquet.columns.RowGroupColumns} takes rows and gives finished pages to
 * {@code io.delivery.parquet.file}, which compresses them and writes them with their indexes and
 * the footer. Pages, dictionaries and statistics are the same, byte for byte, as those of Parquet's
 * own column writers; only when a dictionary is given up differs, which {@link
 * io.delivery.parquet.columns.ColumnSettings} says.
 */
package io.delivery.parquet.columns;
