package io.delivery.lane.components;

import io.delivery.failure.LogFields;
import io.delivery.record.Incarnation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which lane this is: what its keys, marks, metrics and log lines are told apart by.
 *
 * @param lane {@code main-1}, {@code backup-1}: the kind and the version that opened it
 */
public record LaneName(String stream, Incarnation incarnation, String lane) implements LogFields {
    @Override
    public Map<String, Object> logFields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("stream", stream);
        fields.put("lane", lane);
        return fields;
    }

    /** As in log lines. */
    @Override
    public String toString() {
        return "stream=" + stream + " lane=" + lane;
    }
}
