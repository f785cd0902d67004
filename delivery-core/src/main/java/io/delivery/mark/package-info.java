/**
 * Marks: how far a file was durable, told outside that file.
 *
 * <p>A mark is a small file with three numbers of its user's choice, such as an epoch and a length.
 * It gives back the numbers of the last synced write, whichever byte a crash has torn. Uses {@code
 * world}. Knows nothing of what the numbers are about: the landing room marks the state of a lane,
 * the journal its end. The layout is docs/formats/marks.md.
 */
package io.delivery.mark;
