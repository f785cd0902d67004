/**
 * Plugin: processors of users, from jars in a folder.
 *
 * <p>{@link io.delivery.plugin.PluginFolder} finds the {@link
 * io.delivery.processing.ProcessorProvider}s of each jar, in a class loader of its own, and makes
 * their processors. Whatever such a processor throws, however long it hangs: its batch fails and
 * the lane goes on. Implements {@code processing}; uses {@code world}.
 */
package io.delivery.plugin;
