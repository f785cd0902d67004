package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/**
 * Reads objects into the slots of a struct, and whole rows. Two keys for one field are given up: it
 * is a matter of rules which of them counts.
 */
final class StructBytes extends ByteReader {
    private final KeyTable keys;
    private final ByteReader[] fields;
    private final KnownKey beforeFirst;

    /** In which object a field had its last value. */
    private final int[] taken;

    private int object;

    StructBytes(StructKeys keys, ByteReader[] fields) {
        this.keys = new KeyTable(keys);
        this.fields = fields;
        beforeFirst = this.keys.beforeFirst();
        taken = new int[fields.length];
    }

    /** Slots that it fills. */
    int width() {
        return fields.length;
    }

    @Override
    int read(Input in, int at, RowBuffer row, int slot) {
        if (in.at(at) != '{') {
            return Input.GIVEN_UP;
        }
        int first = row.allocate(fields.length);
        row.setFirst(slot, first);
        return fields(in, at + 1, row, first);
    }

    /**
     * Reads the fields of an object.
     *
     * @param from the place behind its brace
     * @param first slot of the first field
     * @return the place behind its last brace, or {@link Input#GIVEN_UP}
     */
    int fields(Input in, int from, RowBuffer row, int first) {
        int now = ++object;
        int at = in.space(from);
        if (in.at(at) == '}') {
            return at + 1;
        }
        if (!in.deeper()) {
            return Input.GIVEN_UP;
        }
        KnownKey before = beforeFirst;
        while (true) {
            KnownKey key = before.predicted(in, at);
            if (key != null) {
                at += key.length();
            } else {
                if (in.at(at) != '"') {
                    return Input.GIVEN_UP;
                }
                int name = at + 1;
                at = TextScanner.pass(in, name);
                if (at < 0 || in.escaped || at - name > KeyTable.MAX_KEY_BYTES) {
                    return Input.GIVEN_UP;
                }
                key = keys.find(in.array, name, at - 1 - name);
                before.followedBy(key);
                at = in.space(at);
                if (in.at(at++) != ':') {
                    return Input.GIVEN_UP;
                }
            }
            at = value(key, now, in, in.space(at), row, first);
            if (at < 0) {
                return Input.GIVEN_UP;
            }
            at = in.space(at);
            byte next = in.at(at);
            if (next == '}') {
                in.back();
                return at + 1;
            }
            if (next != ',') {
                return Input.GIVEN_UP;
            }
            at = in.space(at + 1);
            before = key;
        }
    }

    private int value(KnownKey key, int now, Input in, int at, RowBuffer row, int first) {
        int field = key.field;
        if (field >= 0) {
            if (taken[field] == now) {
                return Input.GIVEN_UP;
            }
            taken[field] = now;
            return fields[field].value(in, at, row, first + field);
        }
        return switch (field) {
            case StructKeys.IGNORED -> ValueSkipper.pass(in, at);
            case StructKeys.UNKNOWN -> {
                in.unknown(key);
                yield ValueSkipper.pass(in, at);
            }
            case StructKeys.UNDECIDED -> Input.GIVEN_UP;
            default -> throw new IllegalStateException("no such field: " + field);
        };
    }
}
