package io.delivery.suggest;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A name for each key. A mapping of OpenX counts at every depth, so a name that stands for another
 * key stands for it everywhere.
 */
final class ColumnNames {
    /** Room for a number behind it. */
    private static final int MAX_BASE = 240;

    private final KeyForms keys;
    private final Map<String, String> nameOfForm = new HashMap<>();
    private final Map<String, String> keyOfName = new TreeMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> nextNumber = new HashMap<>();

    /**
     * @param columns with all fields below them
     * @param reserved names that something else has, in lower case
     */
    ColumnNames(KeyForms keys, List<Shape.Field> columns, Set<String> reserved) {
        this.keys = keys;
        taken.addAll(reserved);
        Shape all = columns.isEmpty() ? null : new Shape.Fields(columns);
        if (all != null) {
            all.forEachField(this::keepName);
            all.forEachField(this::giveName);
        }
    }

    private void keepName(Shape.Field field) {
        if (keys.isName(field.form()) && !taken.contains(field.form())) {
            nameOfForm.put(field.form(), field.form());
        }
    }

    private void giveName(Shape.Field field) {
        if (nameOfForm.containsKey(field.form())) {
            return;
        }
        String plain = KeyForms.plain(field.form());
        String base = plain.substring(0, Math.min(MAX_BASE, plain.length()));
        String name = base;
        while (taken.contains(name) || nameOfForm.containsKey(name)) {
            name = base + "_" + nextNumber.merge(base, 2, (last, first) -> last + 1);
        }
        taken.add(name);
        nameOfForm.put(field.form(), name);
        keyOfName.put(name, keys.mapped(field.key()));
    }

    String of(String form) {
        return nameOfForm.get(form);
    }

    /** The keys of names that are not their own key. */
    Map<String, String> mappings() {
        return keyOfName;
    }
}
