/**
 * Glue: tables of an AWS Glue Data Catalog, or of a service that speaks its API.
 *
 * <p>{@link io.delivery.glue.GlueCatalog} takes a database, a table and a version, and gives a
 * {@link io.delivery.format.TableSchema}. It answers from memory, asks Glue again when a schema has
 * become old, and keeps the last one for a stated time while Glue does not give one. Implements the
 * port {@code format}'s {@link io.delivery.format.SchemaCatalog}; uses {@code config}, {@code
 * world} and the AWS SDK.
 */
package io.delivery.glue;
