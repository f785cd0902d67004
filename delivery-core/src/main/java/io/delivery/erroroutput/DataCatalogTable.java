package io.delivery.erroroutput;

/**
 * The table a record should have been converted by, as error records show it. A null is written as
 * null.
 */
public record DataCatalogTable(
        String catalogId,
        String databaseName,
        String tableName,
        String region,
        String versionId,
        String roleArn) {}
