/**
 * Servers: real S3 servers as child processes on loopback, for integration tests.
 *
 * <p>S3Proxy's class path comes with the build; the others are found in the tools folder that
 * {@code .ci/tools} fills ({@code DELIVERY_TOOLS}, default {@code ~/.cache/delivery-tools}). Each
 * is awaited until it answers, and ended by {@code close} and with the JVM.
 */
package io.delivery.testkit.servers;
