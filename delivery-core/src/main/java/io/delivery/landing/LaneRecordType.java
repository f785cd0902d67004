package io.delivery.landing;

/**
 * The types of records in a lane's state, and the numbers that stand for them on disk. A number is
 * never given twice, and the list of free ones is in docs/formats/lane-state.md.
 */
enum LaneRecordType {
    OWN(1),
    SNAPSHOT(2),
    OBJECT(3),
    UPLOAD(4),
    SEAL(5),
    COMMIT(6),
    VOID(7),
    DOUBT(8),
    END(9),
    /** As 2, with the sum of sequences that no record has. */
    SNAPSHOT_WITH_ABSENT(10),
    /** As 5, with the number of sequences that no record has. */
    SEAL_WITH_ABSENT(11),
    REDIRECT(12),
    SKIP(13),
    LANDED(14),
    /** As 1, in a file that has a mark beside it: where the mark is missing, it was lost. */
    OWN_WITH_MARK(16);

    private final int code;

    LaneRecordType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /**
     * The one with this number.
     *
     * @throws UnknownCodeException when there is none
     */
    static LaneRecordType ofCode(int code) throws UnknownCodeException {
        for (LaneRecordType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new UnknownCodeException("a record of type " + code);
    }
}
