package io.delivery.s3;

import java.util.Map;
import java.util.TreeMap;

/** Properties that the SDK's chain reads before the environment, as they were again afterwards. */
final class SystemProperties implements AutoCloseable {
    private final Map<String, String> before = new TreeMap<>();

    /**
     * @param value empty when there is to be none
     */
    void give(String property, String value) {
        before.putIfAbsent(property, System.getProperty(property, ""));
        set(property, value);
    }

    private static void set(String property, String value) {
        if (value.isEmpty()) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }

    @Override
    public void close() {
        before.forEach(SystemProperties::set);
    }
}
