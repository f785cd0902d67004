/**
 * Java function: what runs in a process of its own when a function is written in Java. None of it
 * runs in this program.
 *
 * <p>{@link io.delivery.javafunction.JavaFunction} starts slots; each {@link
 * io.delivery.javafunction.Slot} has the function's classes to itself, asks for events and answers
 * them, one at a time, as an execution environment of Lambda does. How a handler is found and how
 * its events become objects is the business of Amazon's runtime interface client, which only this
 * room sees. Uses nothing of this program.
 */
package io.delivery.javafunction;
