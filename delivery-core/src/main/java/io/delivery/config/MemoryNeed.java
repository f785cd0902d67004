package io.delivery.config;

import java.util.Optional;

/**
 * What the program takes of the memory of its machine or container: its heap, what a JVM has beside
 * it, and the processes of functions. A container that takes more than its limit is killed, at
 * whatever moment that is.
 */
public final class MemoryNeed {
    /**
     * Classes, compiled code, threads, buffers of connections and what compresses outside the heap.
     * A whole process had 179 MiB under the load of {@code make kube-test}: docs/kubernetes.md.
     */
    public static final long BESIDE_HEAP_BYTES = 192L << 20;

    private MemoryNeed() {}

    /**
     * A hint when it does not fit; empty when it does.
     *
     * @param heapBytes the most that the JVM will use for its heap
     * @param machineBytes the memory of the machine, or the limit of the container
     */
    public static Optional<String> hint(DeliveryConfig config, long heapBytes, long machineBytes) {
        long functions = functionBytes(config);
        long need = heapBytes + BESIDE_HEAP_BYTES + functions;
        if (need <= machineBytes) {
            return Optional.empty();
        }
        return Optional.of(
                "limits.memory: the heap of %s, %s beside it%s come to %s, more than the %s of this machine or container, which may kill the program for it; give it more memory, or Java a smaller -Xmx or -XX:MaxRAMPercentage"
                        .formatted(
                                ByteSize.text(heapBytes),
                                ByteSize.text(BESIDE_HEAP_BYTES),
                                functions == 0
                                        ? ""
                                        : " and %s for functions"
                                                .formatted(ByteSize.text(functions)),
                                ByteSize.text(need),
                                ByteSize.text(machineBytes)));
    }

    /** What functions are told that they may use, each as often as it may run at a time. */
    private static long functionBytes(DeliveryConfig config) {
        return config.functions().stream()
                .mapToLong(
                        function ->
                                function.concurrency()
                                        * function.runner()
                                                .<Long, RuntimeException>choose(
                                                        FunctionRunner.Process::memoryBytes,
                                                        endpoint -> 0L,
                                                        lambda -> 0L,
                                                        plugin -> 0L))
                .sum();
    }
}
