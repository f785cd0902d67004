/**
 * Child: a process beside the tests that runs what must not be on their class path.
 *
 * <p>{@link io.delivery.junit.child.PackedClassPath} unpacks the jars that stand in a jar, {@link
 * io.delivery.junit.child.ChildProcess} starts a JVM with them and asks it, and {@link
 * io.delivery.junit.child.Child} is that JVM: it answers on a port of loopback to whoever knows its
 * secret, and ends with the process that started it. What is said is values of the JDK ({@link
 * io.delivery.junit.child.Wire}). Uses the JDK and nothing else, since it is in both processes.
 */
package io.delivery.junit.child;
