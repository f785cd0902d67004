/**
 * Parquet: writes the records of one object as a Parquet file.
 *
 * <p>Takes records from a {@link io.delivery.format.RecordSource}, has them decoded into typed
 * rows, and streams row groups into the object as they fill; memory is bounded by the settings,
 * whatever the object's size. Uses {@code record} and the port {@code format}; knows no JSON, no
 * catalog and no file system. Of Hadoop only class files are needed to compile against, none of it
 * runs.
 */
package io.delivery.parquet;
