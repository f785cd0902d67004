package io.delivery.jq;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.record.DeliveryRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of jackson-jq is used, and so what an upgrade of it may break: decision 35. */
class JacksonJqTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern IMPORT = Pattern.compile("net\\.thisptr\\.[\\w.]+");

    @Test
    void jackson_jq_is_used_in_one_class_and_through_its_public_interface_only() throws Exception {
        Map<String, Set<String>> used = used();

        assertThat(used).containsOnlyKeys("JacksonJq.java");
        assertThat(used.get("JacksonJq.java"))
                .containsExactlyInAnyOrder(
                        "net.thisptr.jackson.jq.BuiltinFunctionLoader",
                        "net.thisptr.jackson.jq.Expression",
                        "net.thisptr.jackson.jq.Function",
                        "net.thisptr.jackson.jq.Scope",
                        "net.thisptr.jackson.jq.Versions",
                        "net.thisptr.jackson.jq.exception.JsonQueryException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acos",
                "asin",
                "atan",
                "cbrt",
                "cos",
                "cosh",
                "exp",
                "exp10",
                "exp2",
                "expm1",
                "log",
                "log10",
                "log1p",
                "log2",
                "sin",
                "sinh",
                "sqrt",
                "tan",
                "tanh",
                "atan2(.; 2)",
                "pow(.; 2)"
            })
    void its_mathematics_is_still_there(String call) throws Exception {
        JqKeyExtractor extractor =
                new JqKeyExtractor(JqProgram.compile("{k: (0.5 | " + call + ")}"));
        byte[] record = "{}".getBytes(StandardCharsets.UTF_8);

        Map<String, String> keys =
                extractor.extract(new DeliveryRecord().at(record, 0, record.length, 0));

        assertThat(Double.parseDouble(keys.get("k"))).isBetween(-1.0, 4.0);
    }

    /** Class to the names of jackson-jq's that stand in it. */
    private static Map<String, Set<String>> used() throws IOException {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                IMPORT.matcher(Files.readString(file))
                        .results()
                        .forEach(
                                found ->
                                        all.add(
                                                Map.entry(
                                                        file.getFileName().toString(),
                                                        found.group())));
            }
        }
        return all.stream()
                .collect(
                        groupingBy(
                                Map.Entry::getKey,
                                TreeMap::new,
                                mapping(Map.Entry::getValue, toCollection(TreeSet::new))));
    }
}
