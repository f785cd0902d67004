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
import java.util.List;

/**
 * Gives what is staged of a range its keys and numbers: nothing is decided before it is recorded.
 */
final class ObjectRecords {
    /** Of an object in the state, beside its key and its list of sequences, roughly. */
    private static final long BYTES_IN_STATE = 200;

    private ObjectRecords() {}

    /**
     * The objects that are staged and not recorded.
     *
     * @param salt of the present owner of the state
     */
    static List<ObjectRecord> of(OpenRange range, LaneName name, long salt) {
        List<ObjectRecord> objects = new ArrayList<>();
        int number = range.nextNumber();
        for (StagedGroup group : range.staged()) {
            for (StagedGroup.Member member : group.members()) {
                objects.add(objectRecord(range, number++, member, name, salt));
            }
        }
        return objects;
    }

    private static ObjectRecord objectRecord(
            OpenRange range, int number, StagedGroup.Member member, LaneName name, long salt) {
        LaneComponents components = range.components();
        String key =
                components
                        .keys()
                        .key(
                                member.prefix(),
                                components.definitionVersion(),
                                member.oldestMillis(),
                                new KeySalt(
                                        name.incarnation(),
                                        salt,
                                        name.lane(),
                                        range.start(),
                                        number));
        String mark =
                "%s/%s/%d/%d/%016x"
                        .formatted(
                                name.incarnation().hex(), name.lane(), range.start(), number, salt);
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

    /** What an object takes in the state, roughly. */
    static long sizeOf(ObjectRecord object) {
        return BYTES_IN_STATE + object.name().key().length() + object.sequences().bytes();
    }
}
