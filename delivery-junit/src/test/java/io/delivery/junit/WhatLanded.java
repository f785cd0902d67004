package io.delivery.junit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the child would tell of a stream, made up by a test. */
final class WhatLanded {
    private final List<Object> objects = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private long accepted;

    WhatLanded text(String text) {
        return object("main", text, null);
    }

    WhatLanded rows(List<Map<String, Object>> rows) {
        Map<String, Object> object = object("main", rows.size());
        object.put("format", "Parquet");
        object.put("rows", rows);
        objects.add(object);
        return this;
    }

    /** One record of any bytes. */
    WhatLanded content(byte[] bytes) {
        Map<String, Object> object = object("main", 1);
        object.put("text", bytes);
        objects.add(object);
        return this;
    }

    WhatLanded error(String code, String message, String record) {
        return error(code, message, record.getBytes(UTF_8));
    }

    WhatLanded error(String code, String message, byte[] record) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("rawData", Base64.getEncoder().encodeToString(record));
        members.put("errorCode", code);
        members.put("errorMessage", message);
        return object("error", "(as JSON)", List.of(members));
    }

    WhatLanded trouble(String trouble) {
        troubles.add(trouble);
        return this;
    }

    private WhatLanded object(String role, String text, List<Map<String, Object>> rows) {
        Map<String, Object> object = object(role, text.lines().count());
        object.put("text", text.getBytes(UTF_8));
        object.put("rows", rows);
        objects.add(object);
        return this;
    }

    private Map<String, Object> object(String role, long records) {
        accepted += records;
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("role", role);
        object.put("bucket", "lake");
        object.put("key", "orders-" + (objects.size() + 1));
        object.put("records", records);
        object.put("bytes", new byte[3]);
        return object;
    }

    Landed landed() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("objects", objects);
        told.put("accepted", accepted);
        told.put("dropped", 0L);
        told.put("troubles", troubles);
        return LandedReader.read("orders", told, "(the log)");
    }
}
