package io.delivery.lane.record;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectAttributes;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.StagedGroup;
import io.delivery.partition.KeySalt;
import io.delivery.record.ObjectName;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Gives staged objects their numbers, keys and marks. */
final class ObjectRecords {
    /** What an object takes beside its key and its list of sequences, roughly. */
    private static final long BYTES_IN_STATE = 200;

    private ObjectRecords() {}

    /**
     * What is to be recorded of the staged objects of a range.
     *
     * @param salt of the owner that records them
     */
    static List<ObjectRecord> of(OpenRange range, LaneName name, long salt) {
        List<ObjectRecord> objects = new ArrayList<>();
        int number = range.nextNumber();
        for (StagedGroup group : range.staged()) {
            for (StagedGroup.Member member : group.members()) {
                objects.add(of(range, number++, member, name, salt));
            }
        }
        return objects;
    }

    private static ObjectRecord of(
            OpenRange range, int number, StagedGroup.Member member, LaneName name, long ownerSalt) {
        LaneComponents components = range.components();
        KeySalt salt =
                new KeySalt(name.incarnation(), ownerSalt, name.lane(), range.start(), number);
        String key =
                components
                        .keys()
                        .key(
                                member.prefix(),
                                components.definitionVersion(),
                                member.oldestMillis(),
                                salt);
        String mark =
                name.incarnation().hex()
                        + '/'
                        + name.lane()
                        + '/'
                        + range.start()
                        + '/'
                        + number
                        + '/'
                        + HexFormat.of().toHexDigits(ownerSalt);
        return new ObjectRecord(
                range.start(),
                number,
                member.kind(),
                components.definitionVersion(),
                range.splitter(),
                components.store(),
                new ObjectName(components.bucket(), key),
                new ObjectAttributes(mark, member.records(), member.contentEncoding()),
                member.bytes(),
                member.inputBytes(),
                member.sequences());
    }

    /** What it takes in the lane's state, roughly, in bytes. */
    static long sizeOf(ObjectRecord object) {
        return BYTES_IN_STATE + object.name().key().length() + object.sequences().bytes();
    }
}
