package io.delivery.testkit.simulation;

import io.delivery.lane.Books;
import io.delivery.lane.LaneStatus;
import io.delivery.stream.StreamStatus;

/** The books of all main lanes of a stream together. */
final class MainBooks {
    private MainBooks() {}

    static Books of(StreamStatus status) {
        return status.lanes().stream()
                .filter(lane -> lane.lane().startsWith("main-"))
                .map(LaneStatus::books)
                .reduce(Books.EMPTY, MainBooks::sum);
    }

    private static Books sum(Books one, Books other) {
        return new Books(
                one.accepted() + other.accepted(),
                one.split() + other.split(),
                one.landed() + other.landed(),
                one.dropped() + other.dropped(),
                one.errorOutput() + other.errorOutput(),
                one.damaged() + other.damaged(),
                one.discarded() + other.discarded(),
                one.buffered() + other.buffered());
    }
}
