package io.delivery.metrics;

import java.util.function.DoubleSupplier;

/** Takes values. Thread-safe and cheap: called on hot paths, never per record. */
public interface Metrics {
    /** Takes everything and keeps nothing. */
    Metrics NONE =
            new Metrics() {
                @Override
                public void add(Metric metric, String stream, String label, long amount) {}

                @Override
                public void observe(Metric metric, String stream, long nanos) {}

                @Override
                public void gauge(Metric metric, String stream, DoubleSupplier value) {}

                @Override
                public void remove(String stream) {}
            };

    /** Raises a counter that has a label of its own beside the stream. */
    void add(Metric metric, String stream, String label, long amount);

    /** Raises a counter. */
    default void add(Metric metric, String stream, long amount) {
        add(metric, stream, "", amount);
    }

    /** Adds a duration to a histogram. */
    void observe(Metric metric, String stream, long nanos);

    /** Registers where a gauge is read from; a later registration replaces an earlier one. */
    void gauge(Metric metric, String stream, DoubleSupplier value);

    /** Forgets everything of a stream that is gone. What comes later counts as a new stream's. */
    void remove(String stream);
}
