package io.delivery.parquet.columns;

import org.apache.parquet.column.ParquetProperties;

/**
 * How the columns of a row group become pages.
 *
 * @param properties sizes of pages and dictionaries, the version of the pages, and whether there
 *     are dictionaries
 * @param plain the same without dictionaries: makes what encodes pages of version 2 that have none
 */
public record ColumnSettings(ParquetProperties properties, ParquetProperties plain) {}
