package io.delivery.convert;

import io.delivery.format.UnknownFields;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what an object's decoder reports until the object is durable: one that is encoded again
 * would be counted again. Not thread-safe.
 */
final class HeldFields implements UnknownFields {
    private final UnknownFields to;
    private final List<Runnable> reports = new ArrayList<>(0);

    HeldFields(UnknownFields to) {
        this.to = to;
    }

    @Override
    public void seen(String field, long times) {
        reports.add(() -> to.seen(field, times));
    }

    @Override
    public void superseded(String field, long times) {
        reports.add(() -> to.superseded(field, times));
    }

    /** Passes everything on, once. */
    void tell() {
        reports.forEach(Runnable::run);
        reports.clear();
    }
}
