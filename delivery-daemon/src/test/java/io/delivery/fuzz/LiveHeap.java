package io.delivery.fuzz;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process holds in its heap after a collection.
 *
 * @param bytes of all objects that are alive
 * @param steadyBytes the same, with the heads only of arrays of bytes. The service keeps idle ones
 *     for requests, up to a quarter of {@code limits.memory}, and how many there are depends on the
 *     lengths of the last requests
 */
record LiveHeap(long bytes, long steadyBytes) {
    private static final int HEAD_BYTES = 16;

    /** A line of the histogram: rank, instances, bytes, class. */
    private static final Pattern LINE =
            Pattern.compile("^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)", Pattern.MULTILINE);

    /** Collects, and looks. */
    static LiveHeap now() throws JMException {
        String histogram =
                (String)
                        ManagementFactory.getPlatformMBeanServer()
                                .invoke(
                                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                        "gcClassHistogram",
                                        new Object[] {new String[0]},
                                        new String[] {String[].class.getName()});
        long bytes = 0;
        long steady = 0;
        Matcher line = LINE.matcher(histogram);
        while (line.find()) {
            long ofClass = Long.parseLong(line.group(2));
            bytes += ofClass;
            steady +=
                    line.group(3).equals("[B")
                            ? Long.parseLong(line.group(1)) * HEAD_BYTES
                            : ofClass;
        }
        if (bytes == 0) {
            throw new IllegalStateException("no histogram: " + histogram);
        }
        return new LiveHeap(bytes, steady);
    }

    /** The least of both. */
    LiveHeap least(LiveHeap other) {
        return new LiveHeap(Math.min(bytes, other.bytes), Math.min(steadyBytes, other.steadyBytes));
    }

    @Override
    public String toString() {
        return "%,d KiB, %,d KiB of them steady".formatted(bytes >> 10, steadyBytes >> 10);
    }
}
