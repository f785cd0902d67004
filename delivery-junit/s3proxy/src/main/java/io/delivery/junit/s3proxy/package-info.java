/**
 * S3Proxy beside the tests: servers that speak S3, in a child process that all test classes of a
 * JVM share.
 *
 * <p>Each test class has a server of its own in it, on a free port of loopback, whose objects are
 * in memory and gone with it. Sees S3Proxy and {@code child}; it is started by name, with the class
 * path that stands in the jar of this module.
 */
package io.delivery.junit.s3proxy;
