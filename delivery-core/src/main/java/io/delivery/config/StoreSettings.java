package io.delivery.config;

/**
 * A place where objects land.
 *
 * @param name what streams call it
 * @param byDefault whether a stream means this store when it names none
 * @param createBuckets whether a bucket that is not there is made; otherwise its streams are
 *     unhealthy until it is
 */
public record StoreSettings(
        String name, StoreDefinition definition, boolean byDefault, boolean createBuckets) {}
