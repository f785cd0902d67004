package io.delivery.orc;

import java.lang.reflect.Field;
import org.apache.orc.impl.WriterImpl;
import org.apache.orc.impl.writer.ListTreeWriter;
import org.apache.orc.impl.writer.MapTreeWriter;
import org.apache.orc.impl.writer.StringBaseTreeWriter;
import org.apache.orc.impl.writer.StructTreeWriter;
import org.apache.orc.impl.writer.TreeWriter;

/**
 * Gives the columns of a writer our {@link TextDictionary}. ORC has a port for dictionaries and
 * chooses one of its own two by a setting, so there is no public way. The version of orc-core is
 * pinned, and nothing is written when it has other fields.
 */
final class OwnDictionaries {
    private static final Field ROOT = field(WriterImpl.class, "treeWriter");
    private static final Field FIELDS = field(StructTreeWriter.class, "childrenWriters");
    private static final Field ELEMENTS = field(ListTreeWriter.class, "childWriter");
    private static final Field KEYS = field(MapTreeWriter.class, "keyWriter");
    private static final Field VALUES = field(MapTreeWriter.class, "valueWriter");
    private static final Field DICTIONARY = field(StringBaseTreeWriter.class, "dictionary");

    private static final TreeWriter[] NOTHING = {};

    private OwnDictionaries() {}

    private static Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException another) {
            throw new IllegalStateException(
                    "another version of orc-core: no " + name + " in " + type, another);
        }
    }

    /**
     * @param writer that has no rows yet
     * @param texts columns that have dictionaries, nested ones included
     */
    static void give(WriterImpl writer, long texts) {
        long given;
        try {
            given = give((TreeWriter) ROOT.get(writer));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("fields that were opened are closed", e);
        }
        if (given != texts) {
            throw new IllegalStateException(
                    "another version of orc-core: " + given + " dictionaries of " + texts);
        }
    }

    private static long give(TreeWriter column) throws IllegalAccessException {
        if (column instanceof StringBaseTreeWriter) {
            DICTIONARY.set(column, new TextDictionary());
            return 1;
        }
        long given = 0;
        for (TreeWriter within : within(column)) {
            given += give(within);
        }
        return given;
    }

    private static TreeWriter[] within(TreeWriter column) throws IllegalAccessException {
        if (column instanceof StructTreeWriter) {
            return (TreeWriter[]) FIELDS.get(column);
        }
        if (column instanceof ListTreeWriter) {
            return new TreeWriter[] {(TreeWriter) ELEMENTS.get(column)};
        }
        if (column instanceof MapTreeWriter) {
            return new TreeWriter[] {
                (TreeWriter) KEYS.get(column), (TreeWriter) VALUES.get(column)
            };
        }
        return NOTHING;
    }
}
