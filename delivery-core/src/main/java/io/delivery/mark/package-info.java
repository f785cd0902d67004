/**
 * Marks: how far a file was durable, told outside that file.
 *
 * <p>Takes three numbers; gives them back after a crash, whichever byte of the mark was torn. Uses
 * {@code world}. Knows nothing of what the numbers are about: the landing room marks the state of a
 * lane, the journal its end. The layout is docs/formats/marks.md.
 */
package io.delivery.mark;
