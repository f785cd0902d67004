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
        String name, StoreDefinition definition, boolean byDefault, boolean createBuckets) {
    /** Whether such a store makes buckets when nothing is said: in a folder of its own it may. */
    public static boolean createsBuckets(StoreDefinition definition) {
        return definition instanceof StoreDefinition.Directory;
    }
}
