package io.delivery.stream;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an object of the program keeps in memory, over fields, arrays and the usual collections. The
 * simulated world is not part of it. What only other objects of the JDK keep is not followed:
 * atomic references, futures, threads, executors, timers, and what a lambda has captured. Not for
 * use while the object works.
 */
final class Reachable {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> left = new ArrayDeque<>();
    private int longestBytes;

    private Reachable() {}

    static Reachable from(Object root) throws ReflectiveOperationException {
        Reachable reachable = new Reachable();
        reachable.meet(root);
        while (!reachable.left.isEmpty()) {
            reachable.look(reachable.left.removeFirst());
        }
        return reachable;
    }

    int objects() {
        return seen.size();
    }

    Set<Class<?>> classes() {
        return seen.stream().map(Object::getClass).collect(Collectors.toSet());
    }

    /** The length of the longest array of bytes; those of texts do not count. */
    int longestBytes() {
        return longestBytes;
    }

    private void meet(Object object) {
        if (object != null && isOfTheProgramOrHolds(object) && seen.add(object)) {
            left.addLast(object);
        }
    }

    private static boolean isOfTheProgramOrHolds(Object object) {
        return isOfTheProgram(object.getClass())
                || object.getClass().isArray()
                || object instanceof Map
                || object instanceof Iterable
                || object instanceof Optional;
    }

    private static boolean isOfTheProgram(Class<?> kind) {
        return kind.getName().startsWith("io.delivery.")
                && !kind.getName().startsWith("io.delivery.testkit.")
                && !kind.getName().startsWith("io.delivery.stream.RegistryWorld")
                && !kind.isEnum();
    }

    private void look(Object object) throws ReflectiveOperationException {
        if (object instanceof byte[] bytes) {
            longestBytes = Math.max(longestBytes, bytes.length);
        } else if (object.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(object); i++) {
                meet(Array.get(object, i));
            }
        } else if (isOfTheProgram(object.getClass())) {
            lookAtFields(object);
        } else if (object instanceof Map<?, ?> map) {
            map.keySet().forEach(this::meet);
            map.values().forEach(this::meet);
        } else if (object instanceof Iterable<?> all && !(object instanceof java.nio.file.Path)) {
            all.forEach(this::meet);
        } else if (object instanceof Optional<?> value) {
            value.ifPresent(this::meet);
        }
    }

    private void lookAtFields(Object object) throws ReflectiveOperationException {
        for (Class<?> kind = object.getClass(); kind != null; kind = kind.getSuperclass()) {
            if (!isOfTheProgram(kind)) {
                return;
            }
            for (Field field : kind.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    meet(field.get(object));
                }
            }
        }
    }
}
