/**
 * File: puts finished pages into a Parquet file.
 *
 * <p>{@link io.delivery.parquet.file.FileTemplate} is what all files of a table have in common;
 * {@link io.delivery.parquet.file.ParquetFile} writes row groups, their column and offset indexes
 * and the footer. What these say is converted by parquet-java, and its Thrift classes write it: the
 * bytes are those of parquet-java's {@code ParquetFileWriter}. What is the same in each file is
 * converted once.
 */
package io.delivery.parquet.file;
