package io.delivery.verify;

import io.delivery.lane.Books;
import java.util.OptionalLong;

/**
 * One lane, as its books are.
 *
 * @param speaksFrom the first sequence whose range can be checked: earlier ranges have left the
 *     ledger, or were committed before there was one
 * @param speaksFromMillis when that range was committed; empty when none was yet
 * @param wholeHistory whether that is where the lane began
 * @param ranges committed ones that were checked
 * @param objects in them
 * @param records in those
 * @param bytes of those
 * @param waitingObjects recorded ones whose range is not committed
 */
public record LaneReport(
        String stream,
        String lane,
        Books books,
        long speaksFrom,
        OptionalLong speaksFromMillis,
        boolean wholeHistory,
        long ranges,
        long objects,
        long records,
        long bytes,
        long waitingObjects) {}
