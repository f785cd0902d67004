package io.delivery.benchmarks;

import java.util.function.ToDoubleFunction;

/**
 * What a daemon held while nothing was asked of it and everything had landed.
 *
 * @param hours since the load began
 * @param age of the process, in samples
 * @param heapBytes after a collection
 * @param directBytes memory of direct buffers
 * @param handles open files and connections
 * @param threads but for those that answer the measuring itself
 * @param diskBytes the data directory
 */
record SoakSample(
        double hours,
        int age,
        long heapBytes,
        long directBytes,
        long handles,
        int threads,
        long diskBytes) {
    /** What is judged. */
    enum Quantity {
        HEAP("heap after GC, KiB", 0, s -> s.heapBytes() / 1024.0),
        DIRECT("direct memory, KiB", 1024, s -> s.directBytes() / 1024.0),
        HANDLES("handles", 1, SoakSample::handles),
        THREADS("threads", 1, SoakSample::threads),
        DISK("data directory, KiB", 0, s -> s.diskBytes() / 1024.0);

        private final String text;
        private final double grain;
        private final ToDoubleFunction<SoakSample> value;

        Quantity(String text, double grain, ToDoubleFunction<SoakSample> value) {
            this.text = text;
            this.grain = grain;
            this.value = value;
        }

        String text() {
            return text;
        }

        /**
         * The least by which it can change when a pool has one thread more or less; 0 when it is
         * not made of grains. The JDK keeps a direct buffer for each thread that does file I/O: up
         * to 1 MiB, the largest piece that is read or written at a time.
         */
        double grain() {
            return grain;
        }

        double of(SoakSample sample) {
            return value.applyAsDouble(sample);
        }

        /** Those that come one by one and have to be given back one by one. */
        boolean counted() {
            return this == HANDLES || this == THREADS;
        }
    }
}
