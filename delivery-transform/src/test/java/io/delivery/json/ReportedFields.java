package io.delivery.json;

import io.delivery.format.UnknownFields;
import java.util.Map;
import java.util.TreeMap;

/** What a decoder reports of fields that no column takes. */
final class ReportedFields implements UnknownFields {
    final Map<String, Long> seen = new TreeMap<>();
    final Map<String, Long> superseded = new TreeMap<>();

    @Override
    public void seen(String field, long times) {
        seen.put(field, times);
    }

    @Override
    public void superseded(String field, long times) {
        superseded.put(field, times);
    }
}
