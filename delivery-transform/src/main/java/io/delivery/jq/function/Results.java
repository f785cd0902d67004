package io.delivery.jq.function;

import io.delivery.jq.expression.Kinds;
import java.util.HashMap;
import java.util.Map;

/** What the functions make that are not written in jq. */
final class Results {
    private static final Map<String, Kinds> KINDS = kinds();

    private Results() {}

    /** The kinds of values that a function makes: any for one that is not in the table. */
    static Kinds of(String nameAndArity) {
        return KINDS.getOrDefault(nameAndArity, Kinds.ANY);
    }

    private static Map<String, Kinds> kinds() {
        Map<String, Kinds> kinds = new HashMap<>();
        MathFunctions.all().keySet().forEach(name -> kinds.put(name, Kinds.NUMBER));
        put(
                kinds,
                Kinds.ARRAY,
                "frexp/0 modf/0 lgamma_r/0 keys/0 keys_unsorted/0 _flatten/1 reverse/0 sort/0"
                        + " _sort_by/1 _group_by/1 explode/0 split/1 split/2 _match/1 _match/2"
                        + " gmtime/0 strptime/1");
        put(
                kinds,
                Kinds.BOOLEAN,
                "not/0 isinfinite/0 isnan/0 isnormal/0 has/1 contains/1 startswith/1 endswith/1"
                        + " test/1 test/2");
        put(kinds, Kinds.NUMBER, "length/0 tonumber/0 utf8bytelength/0 mktime/0");
        put(
                kinds,
                Kinds.STRING,
                "type/0 tostring/0 tojson/0 implode/0 ascii_downcase/0 ascii_upcase/0 strftime/1"
                        + " format/1");
        put(kinds, Kinds.OBJECT, "_captures/0");
        put(kinds, Kinds.STRING.or(Kinds.NULL), "join/1");
        return Map.copyOf(kinds);
    }

    private static void put(Map<String, Kinds> kinds, Kinds made, String names) {
        for (String name : names.split(" ")) {
            kinds.put(name, made);
        }
    }
}
