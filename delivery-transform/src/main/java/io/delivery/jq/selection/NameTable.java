package io.delivery.jq.selection;

import io.delivery.jq.value.ByteHash;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The names of an object by their bytes: those that are asked for, and a bounded number of others,
 * which are what others send. When names have come {@link #MOST_STRANGERS} times for which there
 * was no room, the others are forgotten, so that names that do not come any more keep none from
 * being remembered. Not thread-safe.
 */
final class NameTable {
    private static final int PLACES = 512;
    private static final int MOST_OTHERS = PLACES / 2;
    private static final int MOST_REMEMBERED_BYTES = 128;
    private static final int MOST_PROBES = 8;

    /** Remembering all others anew costs little beside looking in vain so often. */
    static final int MOST_STRANGERS = 4_096;

    private final KnownName[] wanted;
    private final KnownName beforeFirst = KnownName.ofNone();
    private final KnownName stranger = KnownName.ofNone();

    /** Null while none is remembered. */
    private KnownName[] others;

    private int count;
    private int strangers;

    NameTable(List<String> names) {
        wanted = new KnownName[names.size()];
        for (int i = 0; i < wanted.length; i++) {
            byte[] name = names.get(i).getBytes(StandardCharsets.UTF_8);
            wanted[i] = new KnownName(i, name, 0, name.length);
        }
    }

    /** Stands before the first name of an object. It is no name of any. */
    KnownName beforeFirst() {
        return beforeFirst;
    }

    /** The name of these bytes; one that is asked for nowhere when there is no room for it. */
    KnownName find(byte[] array, int offset, int length) {
        for (KnownName name : wanted) {
            if (name.is(array, offset, length)) {
                return name;
            }
        }
        if (length > MOST_REMEMBERED_BYTES) {
            return stranger;
        }
        if (others == null) {
            others = new KnownName[PLACES];
        }
        int hash = (int) ByteHash.of(length, array, offset, offset + length);
        for (int i = 0; i < MOST_PROBES; i++) {
            int place = hash + i & PLACES - 1;
            KnownName name = others[place];
            if (name != null && name.is(array, offset, length)) {
                return name;
            }
            if (name == null) {
                return count == MOST_OTHERS
                        ? withoutRoom()
                        : remembered(place, array, offset, length);
            }
        }
        return withoutRoom();
    }

    private KnownName withoutRoom() {
        if (++strangers == MOST_STRANGERS) {
            forget();
        }
        return stranger;
    }

    /** Forgets all names but those that are asked for, and which came behind which. */
    void forget() {
        others = null;
        count = 0;
        strangers = 0;
        beforeFirst.forget();
        stranger.forget();
        for (KnownName name : wanted) {
            name.forget();
        }
    }

    private KnownName remembered(int place, byte[] array, int offset, int length) {
        others[place] = new KnownName(-1, array, offset, length);
        count++;
        return others[place];
    }
}
