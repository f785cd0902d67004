/**
 * Directory: lands objects as files below one folder, with the promises of a real store.
 *
 * <p>Implements {@link io.delivery.landing.ObjectStore} on {@link io.delivery.world.Disk}: a copy
 * under a fresh name, synced, linked to the object's name, and every directory above it synced.
 * Objects that wait together share syncs of directories ({@link
 * io.delivery.directory.DirectoryLandings}). Uses {@code landing}, {@code staging}, {@code record}
 * and {@code world}.
 */
package io.delivery.directory;
