package io.delivery.json.bytes;

/** Passes values that are not wanted, and checks all the same that they are JSON and UTF-8. */
final class ValueSkipper {
    private ValueSkipper() {}

    /**
     * @param at the value's first byte
     * @return the place behind its last byte, or {@link Input#GIVEN_UP}
     */
    static int pass(Input in, int at) {
        byte b = in.at(at);
        return switch (b) {
            case '"' -> TextScanner.pass(in, at + 1);
            case '{' -> object(in, at + 1);
            case '[' -> array(in, at + 1);
            case 'n' -> in.literal(at, Input.NULL);
            case 't' -> in.literal(at, Input.TRUE);
            case 'f' -> in.literal(at + 1, Input.ALSE);
            default -> NumberScanner.beginsNumber(b) ? in.number(at) : Input.GIVEN_UP;
        };
    }

    private static int object(Input in, int from) {
        if (!in.deeper()) {
            return Input.GIVEN_UP;
        }
        int at = in.space(from);
        if (in.at(at) == '}') {
            in.back();
            return at + 1;
        }
        while (in.at(at) == '"') {
            int key = at + 1;
            at = TextScanner.pass(in, key);
            if (at < 0 || in.escaped || at - key > KeyTable.MAX_KEY_BYTES) {
                return Input.GIVEN_UP;
            }
            at = in.space(at);
            if (in.at(at) != ':') {
                return Input.GIVEN_UP;
            }
            at = pass(in, in.space(at + 1));
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
        }
        return Input.GIVEN_UP;
    }

    private static int array(Input in, int from) {
        if (!in.deeper()) {
            return Input.GIVEN_UP;
        }
        int at = in.space(from);
        if (in.at(at) == ']') {
            in.back();
            return at + 1;
        }
        while (true) {
            at = pass(in, at);
            if (at < 0) {
                return Input.GIVEN_UP;
            }
            at = in.space(at);
            byte next = in.at(at);
            if (next == ']') {
                in.back();
                return at + 1;
            }
            if (next != ',') {
                return Input.GIVEN_UP;
            }
            at = in.space(at + 1);
        }
    }
}
