package io.delivery.format;

import java.util.Arrays;

/**
 * The rows of one record, typed and complete, before any of them is written: a record lands with
 * all of its rows or none. Reused from record to record; not thread-safe.
 *
 * <p>Values live in numbered slots. A row is as many slots in a line as the table has columns, a
 * struct as many as it has fields. What a slot holds depends on its type:
 *
 * <table>
 *   <caption>Slots</caption>
 *   <tr><td>boolean, tinyint to bigint, date (days since 1970-01-01)</td><td>{@link #number}</td></tr>
 *   <tr><td>float, double</td><td>{@link #real}</td></tr>
 *   <tr><td>timestamp</td><td>{@link #number} = seconds since 1970-01-01T00:00Z, {@link #extra} =
 *       nanoseconds, 0 to 999,999,999</td></tr>
 *   <tr><td>string, char, varchar, binary</td><td>{@link #offset} and {@link #extra} = length in
 *       {@link #bytes}; text is UTF-8</td></tr>
 *   <tr><td>decimal</td><td>the same; the unscaled value, big-endian, exactly {@link
 *       ColumnType.DecimalType#byteWidth()} bytes</td></tr>
 *   <tr><td>struct</td><td>{@link #first} = slot of its first field</td></tr>
 *   <tr><td>array</td><td>{@link #first} = slot of its first element, {@link #next} leads on; -1
 *       ends</td></tr>
 *   <tr><td>map</td><td>the same; the element is the key's slot, the one behind it the
 *       value's</td></tr>
 * </table>
 */
public final class RowBuffer {
    /**
     * Slots that one record may take. A record of a few bytes can stand for many nulls ({@code
     * {}{}{}…} with a wide table), so the bytes do not bound it.
     */
    public static final int MAX_SLOTS = 1 << 20;

    /** Heap that the slots and bytes of the worst record take while they grow, roughly. */
    public static final long MAX_SLOT_BYTES = MAX_SLOTS * 17L;

    /**
     * Room beyond, for readers that reserve what the worst text of a length takes: three bytes for
     * each of 16 Ki characters.
     */
    private static final int SPARE_BYTES = 64 << 10;

    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private static final int SMALL_SLOTS = 1 << 12;
    private static final int SMALL_BYTES = 1 << 16;

    private final int maxBytes;

    private long[] values = new long[256];
    private int[] extras = new int[256];
    private int[] nexts = new int[256];
    private boolean[] present = new boolean[256];
    private int slots;

    private byte[] bytes = new byte[4096];
    private int bytesUsed;
    private int longest;

    private int[] rows = new int[4];
    private int rowCount;

    /** For a table in which each key fills one column of texts. */
    public RowBuffer() {
        this(TextCopies.ONE.rowBytes());
    }

    /**
     * @param maxBytes of texts, binaries and decimals that one record may have: {@link
     *     TextCopies#rowBytes}
     */
    public RowBuffer(long maxBytes) {
        this.maxBytes = (int) Math.min(maxBytes, LONGEST_ARRAY - SPARE_BYTES);
    }

    /** Forgets everything. Keeps ordinary amounts of memory, gives back what a giant needed. */
    public void clear() {
        if (values.length > SMALL_SLOTS && slots < SMALL_SLOTS) {
            values = new long[SMALL_SLOTS];
            extras = new int[SMALL_SLOTS];
            nexts = new int[SMALL_SLOTS];
            present = new boolean[SMALL_SLOTS];
        }
        if (bytes.length > SMALL_BYTES && bytesUsed < SMALL_BYTES) {
            bytes = new byte[SMALL_BYTES];
        }
        if (rows.length > SMALL_SLOTS && rowCount < SMALL_SLOTS) {
            rows = new int[SMALL_SLOTS];
        }
        slots = 0;
        bytesUsed = 0;
        longest = 0;
        rowCount = 0;
    }

    /**
     * Begins a row.
     *
     * @return the slot of its first column; all its slots are null
     * @throws FullException when the record has too many values
     */
    public int addRow(int columns) {
        if (rowCount == rows.length) {
            rows = Arrays.copyOf(rows, rows.length * 2);
        }
        int slot = allocate(columns);
        rows[rowCount++] = slot;
        return slot;
    }

    public int rowCount() {
        return rowCount;
    }

    /** Slot of the first column of a row. */
    public int row(int index) {
        return rows[index];
    }

    /**
     * Takes slots in a line, all null.
     *
     * @throws FullException when the record has too many values
     */
    public int allocate(int count) {
        int first = slots;
        if (count > MAX_SLOTS - first) {
            throw FullException.ofValues();
        }
        int end = first + count;
        if (end > values.length) {
            int capacity = Math.min(MAX_SLOTS, Math.max(end, values.length * 2));
            values = Arrays.copyOf(values, capacity);
            extras = Arrays.copyOf(extras, capacity);
            nexts = Arrays.copyOf(nexts, capacity);
            present = Arrays.copyOf(present, capacity);
        }
        Arrays.fill(present, first, end, false);
        Arrays.fill(nexts, first, end, -1);
        slots = end;
        return first;
    }

    public boolean isNull(int slot) {
        return !present[slot];
    }

    public long number(int slot) {
        return values[slot];
    }

    public double real(int slot) {
        return Double.longBitsToDouble(values[slot]);
    }

    public int extra(int slot) {
        return extras[slot];
    }

    public int offset(int slot) {
        return (int) values[slot];
    }

    public int first(int slot) {
        return (int) values[slot];
    }

    public int next(int slot) {
        return nexts[slot];
    }

    /** Where {@link #offset} points into; changes when something is added. */
    public byte[] bytes() {
        return bytes;
    }

    public void setNull(int slot) {
        present[slot] = false;
    }

    public void setNumber(int slot, long value) {
        values[slot] = value;
        present[slot] = true;
    }

    public void setReal(int slot, double value) {
        setNumber(slot, Double.doubleToRawLongBits(value));
    }

    public void setTimestamp(int slot, long seconds, int nanos) {
        extras[slot] = nanos;
        setNumber(slot, seconds);
    }

    /** The slot becomes a struct, or a list that begins there; -1 for an empty list. */
    public void setFirst(int slot, int first) {
        setNumber(slot, first);
    }

    /** The element behind this one. */
    public void setNext(int element, int next) {
        nexts[element] = next;
    }

    /**
     * Makes room in {@link #bytes} and tells where it begins; nothing is taken yet.
     *
     * @throws FullException when the record has more bytes than it may, and not when a text of up
     *     to 16 Ki characters reserves three times as many bytes
     */
    public int reserve(int room) {
        int most = maxBytes + SPARE_BYTES;
        if (room > most - bytesUsed) {
            throw FullException.ofBytes(maxBytes);
        }
        int needed = bytesUsed + room;
        if (needed > bytes.length) {
            long doubled = Math.min(bytes.length * 2L, most);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
        }
        return bytesUsed;
    }

    /**
     * The slot becomes the bytes written since {@link #reserve}.
     *
     * @throws FullException when the record has more bytes than it may
     */
    public void setReserved(int slot, int length) {
        if (length > maxBytes - bytesUsed) {
            throw FullException.ofBytes(maxBytes);
        }
        extras[slot] = length;
        setNumber(slot, bytesUsed);
        bytesUsed += length;
        longest = Math.max(longest, length);
    }

    /**
     * The slot becomes a copy of these bytes.
     *
     * @throws FullException when the record has more bytes than it may
     */
    public void setBytes(int slot, byte[] source, int offset, int length) {
        int at = reserve(length);
        System.arraycopy(source, offset, bytes, at, length);
        setReserved(slot, length);
    }

    /** How many bytes of {@link #bytes} are in use, from the first. */
    public int bytesUsed() {
        return bytesUsed;
    }

    /** Bytes of the longest text, binary or decimal among the values. */
    public int longest() {
        return longest;
    }

    /** What the rows take here, in bytes: the measure of what writing them will take. */
    public long size() {
        return slots * 17L + bytesUsed;
    }

    /**
     * The record has more than {@link #MAX_SLOTS} values, or more bytes than its rows may have.
     * Carries no stack trace.
     */
    public static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private FullException(String message) {
            super(message, null, false, false);
        }

        private static FullException ofValues() {
            return new FullException("a record has at most " + MAX_SLOTS + " values");
        }

        private static FullException ofBytes(int most) {
            return new FullException(
                    "the texts of a record have at most " + most + " bytes in all its columns");
        }
    }
}
