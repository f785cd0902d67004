/**
 * JUnit: a service that speaks the Amazon Data Firehose API beside the tests of an application, and
 * what it landed.
 *
 * <p>{@link io.delivery.junit.Delivery} is an extension of JUnit 5: each test class has a service
 * of its own, on a free port, with stores of its own. {@link io.delivery.junit.Landed} tells what
 * landed of a stream, and fails with what landed instead. Sees JUnit's API and {@code child}; the
 * program itself is in another process, and none of its libraries comes to the class path of the
 * tests.
 */
package io.delivery.junit;
