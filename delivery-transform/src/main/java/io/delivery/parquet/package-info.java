/**
 * Parquet: writes typed rows as a Parquet file.
 *
 * <p>{@link io.delivery.parquet.ParquetFormat} begins files that stream row groups out as they
 * fill; memory is bounded by the settings, whatever the file's size. {@code
 * io.delivery.parquet.columns} makes the pages, {@code io.delivery.parquet.file} the file of them.
 * Implements the port {@code format}; knows no JSON, no catalog and no file system. Of Hadoop only
 * class files are needed to compile against, none of it runs.
 */
package io.delivery.parquet;
