package io.delivery.lane.components;

import io.delivery.record.Incarnation;

/**
 * Which lane this is: what its keys, marks, metrics and log lines are told apart by.
 *
 * @param lane {@code main-1}, {@code backup-1}: the kind and the version that opened it
 */
public record LaneName(String stream, Incarnation incarnation, String lane) {
    /** As in log lines. */
    @Override
    public String toString() {
        return "stream=" + stream + " lane=" + lane;
    }
}
