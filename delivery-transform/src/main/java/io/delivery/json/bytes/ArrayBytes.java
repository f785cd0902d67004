package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/** Reads arrays. */
final class ArrayBytes extends ByteReader {
    private final ByteReader element;

    ArrayBytes(ByteReader element) {
        this.element = element;
    }

    @Override
    int read(Input in, int from, RowBuffer row, int slot) {
        if (in.at(from) != '[' || !in.deeper()) {
            return Input.GIVEN_UP;
        }
        row.setFirst(slot, -1);
        int at = in.space(from + 1);
        if (in.at(at) == ']') {
            in.back();
            return at + 1;
        }
        int last = -1;
        while (true) {
            int next = row.allocate(1);
            if (last < 0) {
                row.setFirst(slot, next);
            } else {
                row.setNext(last, next);
            }
            last = next;
            at = element.value(in, at, row, next);
            if (at < 0) {
                return Input.GIVEN_UP;
            }
            at = in.space(at);
            byte behind = in.at(at);
            if (behind == ']') {
                in.back();
                return at + 1;
            }
            if (behind != ',') {
                return Input.GIVEN_UP;
            }
            at = in.space(at + 1);
        }
    }
}
