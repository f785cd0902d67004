package io.delivery.journal;

import io.delivery.record.Incarnation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tells one segment from every other, and so seeds the checksums of its frames. Its file is
 * named after it.
 *
 * @param firstSequence of its first record; where the segment before it ends
 * @param generation grows with every segment of a journal: orders segments that begin at the same
 *     sequence
 * @param salt random, so that no payload can be made to look like a frame
 */
record SegmentId(Incarnation incarnation, long firstSequence, long generation, long salt)
        implements Comparable<SegmentId> {
    /** Bytes of {@link #seed()}. */
    static final int SEED_BYTES = Incarnation.BYTES + 3 * Long.BYTES;

    private static final Pattern NAME =
            Pattern.compile("(\\d{19})-(\\d{10,19})-([0-9a-f]{16})\\.segment");

    String fileName() {
        return "%019d-%010d-%s.segment"
                .formatted(firstSequence, generation, HexFormat.of().toHexDigits(salt));
    }

    /** Reads a file name; empty when no segment is called so. */
    static Optional<SegmentId> parse(String fileName, Incarnation incarnation) {
        Matcher name = NAME.matcher(fileName);
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new SegmentId(
                            incarnation,
                            Long.parseLong(name.group(1)),
                            Long.parseLong(name.group(2)),
                            HexFormat.fromHexDigitsToLong(name.group(3))));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    /** Incarnation, first sequence, generation and salt, as the segment's header has them. */
    byte[] seed() {
        return ByteBuffer.allocate(SEED_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(incarnation.high())
                .putLong(incarnation.low())
                .putLong(firstSequence)
                .putLong(generation)
                .putLong(salt)
                .array();
    }

    @Override
    public int compareTo(SegmentId other) {
        return firstSequence != other.firstSequence
                ? Long.compare(firstSequence, other.firstSequence)
                : Long.compare(generation, other.generation);
    }
}
