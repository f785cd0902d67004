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
    private final Field root = field(WriterImpl.class, "treeWriter");
    private final Field fields = field(StructTreeWriter.class, "childrenWriters");
    private final Field elements = field(ListTreeWriter.class, "childWriter");
    private final Field keys = field(MapTreeWriter.class, "keyWriter");
    private final Field values = field(MapTreeWriter.class, "valueWriter");
    private final Field dictionary = field(StringBaseTreeWriter.class, "dictionary");

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
            OwnDictionaries fields = new OwnDictionaries();
            given = fields.give((TreeWriter) fields.root.get(writer));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("fields that were opened are closed", e);
        }
        if (given != texts) {
            throw new IllegalStateException(
                    "another version of orc-core: " + given + " dictionaries of " + texts);
        }
    }

    private long give(TreeWriter column) throws IllegalAccessException {
        if (column instanceof StringBaseTreeWriter) {
            dictionary.set(column, new TextDictionary());
            return 1;
        }
        long given = 0;
        for (TreeWriter within : within(column)) {
            given += give(within);
        }
        return given;
    }

    private TreeWriter[] within(TreeWriter column) throws IllegalAccessException {
        if (column instanceof StructTreeWriter) {
            return (TreeWriter[]) fields.get(column);
        }
        if (column instanceof ListTreeWriter) {
            return new TreeWriter[] {(TreeWriter) elements.get(column)};
        }
        if (column instanceof MapTreeWriter) {
            return new TreeWriter[] {
                (TreeWriter) keys.get(column), (TreeWriter) values.get(column)
            };
        }
        return NOTHING;
    }
}
