package io.delivery.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Classes of one package that call each other in a circle cannot be read one by one. Nested classes
 * count as the class that they are in. The few circles that remain are listed, each with its
 * reason.
 */
class CirclesTest {
    /** The members of each circle that remains, sorted, and why it does. */
    private static final Map<String, String> KNOWN =
            Map.ofEntries(
                    Map.entry(
                            "home.StreamFolders home.StreamHome home.StreamMeta home.StreamRemoval",
                            "StreamHome finds a stream among StreamFolders, which open a StreamHome"
                                    + " to tell what is in a folder; StreamMeta compares itself with"
                                    + " the folder's name; StreamRemoval writes the mark that"
                                    + " StreamFolders look for, and a StreamHome has it written."),
                    Map.entry(
                            "jq.expression.Calls jq.expression.Env",
                            "A call makes the environment of what it calls, and a parameter that is"
                                    + " passed on stands for the one it was given."),
                    Map.entry(
                            "jq.grammar.JqParser jq.grammar.PatternParser jq.grammar.TermParser",
                            "Queries are made of terms and patterns, which have queries in them."),
                    Map.entry(
                            "jq.regex.EscapeParser jq.regex.RegexParser jq.regex.SetParser",
                            "Sets have escapes in them, and both are read from one text."),
                    Map.entry(
                            "jq.value.Arithmetic jq.value.Texts",
                            "Division splits texts, and where a text is found is a number."),
                    Map.entry(
                            "jq.value.Deletion jq.value.Edit",
                            "A deletion edits the value around what it deletes, and an edit deletes"
                                    + " what an update made empty."),
                    Map.entry(
                            "json.ArrayReader json.ColumnReader json.MapReader json.ScalarReader"
                                    + " json.StructReader json.TimestampReader",
                            "Types are nested in types, so the readers of their values call each"
                                    + " other."),
                    Map.entry(
                            "landing.LaneGrammar landing.LanePlan",
                            "The grammar begins behind what a plan holds, and a plan takes no record"
                                    + " that the grammar refuses."));

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .importPaths(
                            Stream.of("core", "transform", "sinks", "proof", "daemon")
                                    .map(
                                            module ->
                                                    Path.of(
                                                            "../delivery-" + module,
                                                            "target/classes"))
                                    .toList());

    @Test
    void classes_of_one_package_call_each_other_in_no_circle_but_those_that_are_known() {
        Map<String, Set<String>> calls = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                JavaClass target = access.getTargetOwner().getBaseComponentType();
                if (target.getPackageName().equals(type.getPackageName())
                        && !file(target).equals(file(type))) {
                    calls.computeIfAbsent(file(type), f -> new TreeSet<>()).add(file(target));
                }
            }
        }

        Set<String> circles = new TreeSet<>();
        for (String type : calls.keySet()) {
            Set<String> circle = new TreeSet<>();
            for (String other : reached(type, calls)) {
                if (reached(other, calls).contains(type)) {
                    circle.add(other);
                }
            }
            if (!circle.isEmpty()) {
                circles.add(String.join(" ", circle));
            }
        }

        assertThat(circles).isEqualTo(new TreeSet<>(KNOWN.keySet()));
    }

    /** Everything that is called from here, directly or not. */
    private static Set<String> reached(String from, Map<String, Set<String>> calls) {
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(calls.getOrDefault(from, Set.of()));
        while (!next.isEmpty()) {
            String type = next.poll();
            if (reached.add(type)) {
                next.addAll(calls.getOrDefault(type, Set.of()));
            }
        }
        return reached;
    }

    private static String file(JavaClass type) {
        String name = type.getName().replaceFirst("^io\\.delivery\\.", "");
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
