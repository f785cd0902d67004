/**
 * Admin: what an operator asks a running process: is it alive, is it ready, its metrics, its
 * streams and their books, and what another configuration would change; and the few things that an
 * operator tells it.
 *
 * <p>A port of its own, loopback by default. Reaches the streams through {@link
 * io.delivery.admin.StreamDesk}, the configuration through {@link io.delivery.admin.ConfigDesk}.
 * Shows no record contents and no secrets.
 */
package io.delivery.admin;
