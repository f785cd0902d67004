package io.delivery.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may know whom. A room is the package below {@code io.delivery}, with all that is in it. */
class WallsTest {
    /** What any room may see of the core: what travels, what was chosen, what is counted, ports. */
    private static final Set<String> OPEN_TO_ALL =
            Set.of(
                    "record",
                    "config",
                    "metrics",
                    "failure",
                    "file",
                    "world",
                    "log",
                    "processing",
                    "function",
                    "partition",
                    "format",
                    "staging",
                    "landing");

    /**
     * Rooms of the core and the doors they have, beside that to {@code failure}, which all have:
     * how a failure is told is the same everywhere. A room that is not here is not expected.
     */
    private static final Map<String, Set<String>> CORE =
            Map.ofEntries(
                    Map.entry("failure", Set.of("record")),
                    Map.entry("record", Set.of()),
                    Map.entry("file", Set.of("config")),
                    Map.entry("world", Set.of()),
                    Map.entry("mark", Set.of("world")),
                    Map.entry("crypt", Set.of("record", "world")),
                    Map.entry("metrics", Set.of()),
                    Map.entry("config", Set.of("partition", "format")),
                    Map.entry("log", Set.of("record")),
                    Map.entry("processing", Set.of("record", "partition")),
                    Map.entry("function", Set.of()),
                    Map.entry("partition", Set.of("record")),
                    Map.entry("format", Set.of("record")),
                    Map.entry("staging", Set.of("world", "crypt")),
                    Map.entry("landing", Set.of("record", "staging", "world", "metrics", "mark")),
                    Map.entry(
                            "journal",
                            Set.of("record", "log", "world", "metrics", "mark", "crypt")),
                    Map.entry("buffer", Set.of("record", "format", "world", "metrics", "crypt")),
                    Map.entry("erroroutput", Set.of("record")),
                    Map.entry("ledger", Set.of("record", "landing", "world")),
                    Map.entry("machine", Set.of("world")),
                    Map.entry(
                            "engine",
                            Set.of(
                                    "world", "config", "metrics", "buffer", "ledger", "landing",
                                    "crypt")),
                    Map.entry("home", Set.of("world", "config", "record", "landing", "crypt")),
                    Map.entry(
                            "lane",
                            Set.of(
                                    "world",
                                    "config",
                                    "metrics",
                                    "record",
                                    "log",
                                    "processing",
                                    "partition",
                                    "format",
                                    "buffer",
                                    "erroroutput",
                                    "staging",
                                    "landing",
                                    "home",
                                    "crypt",
                                    "engine")),
                    Map.entry("stream", Set.of("*")),
                    // Look at what the others wrote; they do not know of it.
                    Map.entry(
                            "inspection",
                            Set.of(
                                    "world", "config", "record", "staging", "landing", "ledger",
                                    "journal", "home", "crypt")),
                    Map.entry(
                            "verify",
                            Set.of(
                                    "record",
                                    "partition",
                                    "staging",
                                    "landing",
                                    "ledger",
                                    "journal",
                                    "lane",
                                    "inspection",
                                    "crypt",
                                    "world")));

    /**
     * Rooms of the core that the others do not see: the ports of the world on a real machine, and
     * files of people, for rooms outside the core.
     */
    private static final Set<String> OUTSIDE_THE_WORLD = Set.of("machine", "file");

    /** What any room outside the core may see: how Jackson is asked to read JSON of others. */
    private static final String OPEN_OUTSIDE_THE_CORE = "jackson";

    /** Rooms within the lane, and which of them each may see: arrows point one way. */
    private static final Map<String, Set<String>> LANE =
            Map.of(
                    "components", Set.of(),
                    "path", Set.of("components"),
                    "range", Set.of("components", "path"),
                    "encode", Set.of("components", "range"),
                    "record", Set.of("components", "range"));

    private static final Set<String> TRANSFORM =
            Set.of(
                    "split",
                    "steps",
                    "jackson",
                    "jq",
                    "json",
                    "catalog",
                    "glue",
                    "convert",
                    "parquet",
                    "orc",
                    "raw",
                    "compress",
                    "lambda",
                    "runtime",
                    "javafunction",
                    "invoke",
                    "plugin",
                    "suggest");

    private static final Set<String> SINKS = Set.of("s3", "directory");

    /** Stands alone: it knows the program from outside. */
    private static final Set<String> PROOF = Set.of("proof");

    /** Rooms of the daemon and what they see beyond what is open to all. */
    private static final Map<String, Set<String>> DAEMON =
            Map.of(
                    "loading", Set.of("crypt"),
                    "telemetry", Set.of(),
                    "listening", Set.of(),
                    "watching", Set.of(),
                    "api", Set.of("stream", "lane", "listening"),
                    "admin", Set.of("stream", "lane", "listening"),
                    "imports", Set.of("api", "loading"),
                    "cli",
                            Set.of(
                                    "loading",
                                    "inspection",
                                    "journal",
                                    "verify",
                                    "lane",
                                    "listening",
                                    "suggest",
                                    "imports",
                                    "crypt"),
                    "quickstart", Set.of("stream", "lane", "parquet"),
                    "wiring", Set.of("*"));

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
    void rooms_see_only_the_rooms_they_have_a_door_to() {
        List<String> intrusions = new ArrayList<>();
        for (JavaClass seeing : CLASSES) {
            for (Dependency dependency : seeing.getDirectDependenciesFromSelf()) {
                JavaClass seen = dependency.getTargetClass().getBaseComponentType();
                if (seen.getPackageName().startsWith("io.delivery.")
                        && !maySee(room(seeing), room(seen))) {
                    intrusions.add(dependency.getDescription());
                }
            }
        }

        assertThat(intrusions)
                .as("give a port, or let io.delivery.stream or wiring do it")
                .isEmpty();
    }

    private static boolean maySee(String seeing, String seen) {
        if (seeing.equals(seen)) {
            return true;
        }
        if (CORE.containsKey(seeing)) {
            boolean known = CORE.containsKey(seen) && !OUTSIDE_THE_WORLD.contains(seen);
            Set<String> doors = CORE.get(seeing);
            return seen.equals("failure") || (doors.contains("*") ? known : doors.contains(seen));
        }
        Set<String> doors = DAEMON.getOrDefault(seeing, Set.of());
        return doors.contains("*")
                || doors.contains(seen)
                || OPEN_TO_ALL.contains(seen)
                || OPEN_OUTSIDE_THE_CORE.equals(seen);
    }

    @Test
    void rooms_of_the_lane_see_only_those_before_them_and_never_the_lane() {
        List<String> intrusions = new ArrayList<>();
        for (JavaClass seeing : CLASSES) {
            if (!seeing.getPackageName().startsWith("io.delivery.lane.")) {
                continue;
            }
            Set<String> doors = LANE.get(innerRoom(seeing));
            assertThat(doors)
                    .as("a room of the lane that is not in the table: %s", seeing)
                    .isNotNull();
            for (Dependency dependency : seeing.getDirectDependenciesFromSelf()) {
                JavaClass seen = dependency.getTargetClass().getBaseComponentType();
                if (seen.getPackageName().startsWith("io.delivery.lane")
                        && !innerRoom(seen).equals(innerRoom(seeing))
                        && !doors.contains(innerRoom(seen))) {
                    intrusions.add(dependency.getDescription());
                }
            }
        }

        assertThat(intrusions).as("give a value back, and let the lane decide").isEmpty();
    }

    private static String innerRoom(JavaClass type) {
        String[] names = type.getPackageName().split("\\.");
        return names.length > 3 ? names[3] : "";
    }

    @Test
    void every_room_is_in_the_table() {
        Set<String> rooms =
                CLASSES.stream().map(WallsTest::room).collect(toCollection(TreeSet::new));

        Set<String> table = new TreeSet<>(CORE.keySet());
        table.addAll(TRANSFORM);
        table.addAll(SINKS);
        table.addAll(PROOF);
        table.addAll(DAEMON.keySet());
        assertThat(rooms).isEqualTo(table);
    }

    /** Names in records, and in what functions answer, are not ours. */
    @Test
    void json_of_others_is_read_by_parsers_that_keep_few_names() {
        noClasses()
                .that(
                        describe(
                                "rooms beside the core",
                                type ->
                                        TRANSFORM.contains(room(type))
                                                && !room(type).equals(OPEN_OUTSIDE_THE_CORE)))
                .should()
                .callMethodWhere(keepsNames())
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaCall<?>> keepsNames() {
        return describe(
                "a factory reads that keeps all names",
                call ->
                        call.getName().equals("createParser")
                                || call.getName().equals("readTree")
                                        && !call.getTarget()
                                                .getRawParameterTypes()
                                                .get(0)
                                                .isEquivalentTo(JsonParser.class));
    }

    @Test
    void what_is_made_for_tests_is_seen_by_tests_only() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.delivery.testkit..", "org.junit.."))
                .check(CLASSES);
    }

    @Test
    void the_core_touches_threads_files_time_and_chance_only_through_the_world() {
        noClasses()
                .that(core())
                .should()
                .dependOnClassesThat(
                        type(Thread.class)
                                .or(type(Executors.class))
                                .or(type(ForkJoinPool.class))
                                .or(type(Timer.class))
                                .or(type(ThreadFactory.class))
                                .or(assignableTo(java.util.concurrent.ExecutorService.class))
                                .or(type(Files.class))
                                .or(type(Clock.class))
                                .or(assignableTo(RandomGenerator.class))
                                .or(assignableTo(java.nio.channels.Channel.class))
                                .or(assignableTo(java.io.RandomAccessFile.class))
                                .or(assignableTo(java.io.FileInputStream.class))
                                .or(assignableTo(java.io.FileOutputStream.class))
                                .or(resideInAPackage("java.net..").and(not(type(URI.class)))))
                .because("one seed must be able to run it all: io.delivery.world has the ports")
                .check(CLASSES);
        noClasses()
                .that(core())
                .should()
                .callMethodWhere(asksTheMachine())
                .because("clocks and randomness come from io.delivery.world")
                .check(CLASSES);
    }

    @Test
    void the_core_never_waits() {
        noClasses()
                .that(core())
                .should()
                .callMethodWhere(waits())
                .because("steps answer by completion; whoever waits holds a thread")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> core() {
        return describe(
                "the core without the rooms outside the world",
                type -> CORE.containsKey(room(type)) && !OUTSIDE_THE_WORLD.contains(room(type)));
    }

    private static DescribedPredicate<JavaCall<?>> asksTheMachine() {
        return describe(
                "the machine's time or randomness is asked for",
                call -> {
                    JavaClass owner = call.getTargetOwner();
                    String name = call.getName();
                    return owner.isEquivalentTo(System.class)
                                    && Set.of("currentTimeMillis", "nanoTime", "getenv")
                                            .contains(name)
                            || owner.isAssignableTo(Temporal.class) && name.equals("now")
                            || owner.isEquivalentTo(Math.class) && name.equals("random")
                            || owner.isEquivalentTo(UUID.class) && name.equals("randomUUID");
                });
    }

    private static DescribedPredicate<JavaCall<?>> waits() {
        return describe(
                "a thread waits",
                call -> {
                    JavaClass owner = call.getTargetOwner();
                    String name = call.getName();
                    boolean future =
                            owner.isAssignableTo(Future.class)
                                    || owner.isAssignableTo(CompletableFuture.class);
                    return future && Set.of("get", "join").contains(name)
                            || owner.isEquivalentTo(Thread.class) && name.equals("sleep")
                            || Set.of("await", "acquire", "park", "parkNanos").contains(name)
                                    && owner.getPackageName().startsWith("java.util.concurrent")
                            || name.equals("wait") && owner.isEquivalentTo(Object.class)
                            || Set.of("put", "take").contains(name)
                                    && owner.isAssignableTo(
                                            java.util.concurrent.BlockingQueue.class);
                });
    }

    @Test
    void what_others_made_is_used_in_the_rooms_that_are_for_it() {
        Map<String, Set<String>> rooms =
                Map.ofEntries(
                        Map.entry("software.amazon.awssdk", Set.of("s3", "invoke", "glue")),
                        Map.entry("com.amazonaws", Set.of("javafunction")),
                        Map.entry("org.apache.hc", Set.of("s3")),
                        Map.entry("org.apache.parquet", Set.of("parquet")),
                        Map.entry("org.apache.orc", Set.of("orc")),
                        Map.entry("org.apache.hadoop", Set.of("parquet", "orc")),
                        Map.entry("org.apache.avro", Set.of("catalog")),
                        Map.entry("net.thisptr", Set.of("jq")),
                        Map.entry(
                                "org.eclipse.jetty",
                                Set.of("listening", "api", "admin", "runtime")),
                        Map.entry("io.prometheus", Set.of("telemetry")),
                        Map.entry("picocli", Set.of("cli", "wiring")),
                        Map.entry("org.snakeyaml", Set.of("loading", "catalog", "imports")),
                        Map.entry("org.openrewrite", Set.of("imports")));

        List<String> strays = new ArrayList<>();
        for (JavaClass using : CLASSES) {
            for (Dependency dependency : using.getDirectDependenciesFromSelf()) {
                String used = dependency.getTargetClass().getPackageName() + ".";
                rooms.forEach(
                        (vendor, allowed) -> {
                            if (used.startsWith(vendor + ".") && !allowed.contains(room(using))) {
                                strays.add(dependency.getDescription());
                            }
                        });
            }
        }

        assertThat(strays).isEmpty();
    }

    @Test
    void no_room_is_named_after_its_shape() {
        assertThat(CLASSES.stream().flatMap(type -> Stream.of(type.getPackageName().split("\\."))))
                .doesNotContain(
                        "util", "utils", "common", "helper", "helpers", "manager", "impl", "misc");
    }

    private static String room(JavaClass type) {
        String[] names = type.getPackageName().split("\\.");
        return names.length > 2 ? names[2] : "";
    }
}
