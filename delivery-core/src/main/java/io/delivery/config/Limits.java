package io.delivery.config;

/**
 * How much of the machine the service may use.
 *
 * @param diskBytes journals, spools, staged objects and lane states of all streams together
 * @param memoryBytes requests, buffers, encoding and uploads together: {@link MemoryDivision}
 * @param requestBodyBytes longest request body; a longer one is answered 413
 * @param ledgerBytes what was committed, of all streams together; beside {@code diskBytes}
 */
public record Limits(long diskBytes, long memoryBytes, long requestBodyBytes, long ledgerBytes) {
    /** With the heap that the launcher asks for. */
    public static final Limits DEFAULTS = new Limits(10L << 30, 256L << 20, 16L << 20, 2L << 30);

    private static final long MIB = 1L << 20;

    public static final long MIN_DISK_BYTES = 64L << 20;
    public static final long MIN_LEDGER_BYTES = 1L << 20;

    /** Of the disk, for each stream's journal: a request of the largest size finds room. */
    public static final long JOURNAL_FLOOR_BYTES = 16L << 20;

    /**
     * Of the disk, for each lane: a quarter for what one record of 1,000 KiB may become in the
     * spool, which is 500 parts that all fail; half for the error output on its way; the rest for
     * buffers.
     */
    public static final long LANE_FLOOR_BYTES = 8L << 20;

    /** Of that, for what the next record may become in the spool. */
    public static final long LANE_SEQUENCE_BYTES = LANE_FLOOR_BYTES / 4;

    /** Of that, for the error output on its way. */
    public static final long LANE_DRAIN_BYTES = LANE_FLOOR_BYTES / 2;

    /** What of a lane's room its buffers never take. */
    public static final long LANE_KEPT_BYTES = LANE_SEQUENCE_BYTES + LANE_DRAIN_BYTES;

    /**
     * Of the volume that the data directory is on: what stays for lanes to land what they hold,
     * whatever else fills it.
     */
    public static final long VOLUME_RESERVE_BYTES = 8L << 20;

    public static final long MIN_MEMORY_BYTES = 64L << 20;

    /** Takes a batch of 4 MiB in base64 with 500 records' worth of JSON around it. */
    public static final long MIN_REQUEST_BODY_BYTES = 6L << 20;

    public static final long MAX_REQUEST_BODY_BYTES = 64L << 20;

    /** Above this share of the heap the rest of the program would not have enough. */
    public static final int MAX_PERCENT_OF_HEAP = 60;

    /** The heap that the program's launcher asks for where nobody says another one. */
    public static final long DEFAULT_HEAP_BYTES = 512L << 20;

    /**
     * The memory where none is configured: half of the heap, in whole MiB. It is 256 MiB of the
     * heap that the launcher asks for, and follows the limit of a container where the heap does.
     *
     * @param heapBytes the most this JVM will use for its heap
     */
    public static long defaultMemoryBytes(long heapBytes) {
        return Math.max(MIN_MEMORY_BYTES, heapBytes / 2 / MIB * MIB);
    }

    /**
     * What counts where nothing is configured.
     *
     * @param heapBytes the most this JVM will use for its heap
     */
    public static Limits defaultsFor(long heapBytes) {
        long memoryBytes = defaultMemoryBytes(heapBytes);
        return new Limits(
                DEFAULTS.diskBytes,
                memoryBytes,
                defaultRequestBodyBytes(memoryBytes),
                DEFAULTS.ledgerBytes);
    }

    /** The longest request body where none is configured: 16 MiB, or less to fit that memory. */
    public static long defaultRequestBodyBytes(long memoryBytes) {
        return Math.min(DEFAULTS.requestBodyBytes, longestRequestBody(memoryBytes) / MIB * MIB);
    }

    /**
     * An eighth of the memory: a body and the journal frame that is made of it have room in the
     * share of requests.
     */
    private static long longestRequestBody(long memoryBytes) {
        return MemoryDivision.of(memoryBytes).requestBytes() / 2;
    }

    /** What must hold whatever the machine. */
    void validate(String path, ConfigProblems problems) {
        long longest = longestRequestBody(memoryBytes);
        if (requestBodyBytes > longest) {
            problems.add(
                    path + ".requestBody",
                    "must be at most %s, an eighth of %s.memory (%s), was %s"
                            .formatted(
                                    ByteSize.setting(longest / MIB * MIB),
                                    path,
                                    ByteSize.setting(memoryBytes),
                                    ByteSize.setting(requestBodyBytes)));
        }
    }

    /**
     * What so many streams need so that none of them can ever be locked by its own full disk.
     *
     * @param lanes of all streams together
     */
    void validateFor(int streams, int lanes, String path, ConfigProblems problems) {
        long least = streams * JOURNAL_FLOOR_BYTES + lanes * LANE_FLOOR_BYTES;
        if (diskBytes < least) {
            problems.add(
                    path + ".disk",
                    "must be at least %s for %d streams, %d of them with a backup, was %s"
                            .formatted(
                                    ByteSize.text(least),
                                    streams,
                                    lanes - streams,
                                    ByteSize.text(diskBytes)));
        }
    }

    /**
     * What must hold on this machine.
     *
     * @param heapBytes the most this JVM will use for its heap
     */
    public void validateOnMachine(String path, long heapBytes, ConfigProblems problems) {
        long most = heapBytes / 100 * MAX_PERCENT_OF_HEAP;
        if (memoryBytes > most) {
            problems.add(
                    path + ".memory",
                    "must be at most %d %% of the heap of %s, which is %s, was %s; lower it or start Java with a larger -Xmx"
                            .formatted(
                                    MAX_PERCENT_OF_HEAP,
                                    ByteSize.text(heapBytes),
                                    ByteSize.text(most),
                                    ByteSize.text(memoryBytes)));
        }
    }

    /**
     * Whether the disk has room for all that is allowed. That it has not is no problem: a full disk
     * makes producers wait, and other programs may free some.
     *
     * @param roomBytes free where the data directory is, what it holds already included
     */
    public boolean fitInto(long roomBytes) {
        return diskBytes <= roomBytes - ledgerBytes;
    }
}
