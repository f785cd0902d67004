package io.delivery.function;

import java.util.Optional;

/**
 * What a function is like at a moment.
 *
 * @param slots how many events it may work on at a time
 * @param busySlots how many of them have one
 * @param waiting invocations that wait for a slot
 * @param trouble what is wrong with running it, in one sentence, e.g. that its process ends again
 *     and again; empty while nothing is
 * @param lastErrorLine the last line that it wrote to its standard error, printable and short;
 *     empty when it has written none or when that cannot be seen
 */
public record FunctionStatus(
        int slots,
        int busySlots,
        int waiting,
        Optional<String> trouble,
        Optional<String> lastErrorLine) {}
