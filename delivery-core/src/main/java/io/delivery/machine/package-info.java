/**
 * Machine: the world's ports on a real machine.
 *
 * <p>The only room of the core with threads, files and clocks; it implements {@code world} and uses
 * nothing else. No other core room sees it: whoever starts the program makes a {@link
 * io.delivery.machine.Machine} and hands its world on.
 */
package io.delivery.machine;
