/**
 * Program: the service beside the tests, in a child process that all test classes of a JVM share.
 *
 * <p>Each test class has a service of its own in it, with its own data directory, stores and ports
 * ({@link io.delivery.junit.program.TestService}); what landed is what the service's own ledgers
 * name, read back from the store ({@link io.delivery.junit.program.LandedContent}). Sees the daemon
 * and what it is made of; nothing sees this room: it is started by name.
 */
package io.delivery.junit.program;
