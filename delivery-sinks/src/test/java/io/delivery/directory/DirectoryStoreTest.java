package io.delivery.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.StoreProbe.BucketState;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.machine.Machine;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.contract.ObjectStoreContract;
import io.delivery.world.Disk;
import io.delivery.world.World;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryStoreTest extends ObjectStoreContract {
    @TempDir Path temp;

    private final Machine machine = new Machine();
    private Path lake;
    private DirectoryStore store;

    @BeforeEach
    void open() {
        lake = temp.resolve("data/lake");
        store = DirectoryStore.open(new DirectorySettings(lake), machine.world());
    }

    @AfterEach
    void close() {
        store.close();
        machine.close();
    }

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Override
    protected Optional<byte[]> contentOf(ObjectName name) throws IOException {
        Path file = lake.resolve(name.bucket()).resolve(name.key());
        return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    /**
     * A directory keeps no marks: equal bytes are ours. The key carries the salt of the process
     * that made it, so nobody else gives this name.
     */
    @Test
    @Override
    protected void the_same_bytes_under_another_mark_are_a_strangers() throws Exception {
        SampleContent content = SampleContent.of("same bytes");
        land(content, name("stranger/mark"), "mark/theirs");

        assertThat(find(content, name("stranger/mark"), "mark/ours")).isEqualTo(Found.OURS);
    }

    @Test
    void nothing_but_the_object_is_left_of_a_landing() throws Exception {
        land(SampleContent.of("x"), name("a/b"), "0123/main-1/0/0/s");

        assertThat(filesBelow(lake)).containsExactly(lake.resolve("lake/a/b"));
    }

    @Test
    void what_a_dead_process_left_of_its_copies_is_removed_by_the_look() throws Exception {
        SampleContent content = SampleContent.of("x");
        land(content, name("other"), "0123/main-1/0/0/s");
        Path folder = only(lake.resolve(".delivery"));
        land(content, name("gone"), "0123/main-1/0/1/s");
        Path left = folder.resolve(copyName("0123/main-1/0/1/s") + ".00");
        Path elses = folder.resolve(copyName("0123/main-1/0/11/s") + ".00");
        Files.writeString(left, "half");
        Files.writeString(elses, "half");

        assertThat(find(content, name("gone"), "0123/main-1/0/1/s")).isEqualTo(Found.OURS);

        assertThat(left).doesNotExist();
        assertThat(elses).exists();
    }

    private static String copyName(String mark) {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(mark.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return mark.replace('/', '-') + "-" + "%08x".formatted(crc.getValue());
    }

    private static Path only(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> all = entries.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static List<Path> filesBelow(Path directory) throws IOException {
        try (Stream<Path> entries = Files.walk(directory)) {
            return entries.filter(Files::isRegularFile).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/lead",
                "/etc/passwd",
                "../outside",
                "a/../../outside",
                "a/..",
                "./a",
                "a/./b",
                "a//b",
                "trailing/",
                "nul\0byte",
            })
    void keys_that_are_no_names_below_the_bucket_are_refused(String key) throws Exception {
        Landing landing = land(SampleContent.of("x"), name(key), "mark");

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).code()).isEqualTo("InvalidKey");
        assertThat(find(SampleContent.of("x"), name(key), "mark")).isEqualTo(Found.ABSENT);
        assertThat(filesBelow(temp)).isEmpty();
    }

    @Test
    void segments_that_no_file_system_takes_are_refused() throws Exception {
        Landing landing = land(SampleContent.of("x"), name("a/" + "é".repeat(128)), "mark");

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).message())
                .endsWith("has a segment of more than 255 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../x", ".delivery", ".DELIVERY", "nul\0"})
    void buckets_that_are_no_folders_of_the_lake_are_refused(String bucket) throws Exception {
        Landing landing = land(SampleContent.of("x"), new ObjectName(bucket, "key"), "mark");

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).code()).isEqualTo("InvalidBucketName");
        assertThat(filesBelow(temp)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lake", "lake/a", "lake/a/b", "lake/a/b/key", ".delivery"})
    void a_symbolic_link_leads_nowhere(String link) throws Exception {
        Path outside = Files.createDirectories(temp.resolve("outside"));
        Path at = lake.resolve(link);
        Files.createDirectories(at.getParent());
        Files.createSymbolicLink(at, link.endsWith("key") ? outside.resolve("key") : outside);

        Landing landing = land(SampleContent.of("x"), name("a/b/key"), "mark");

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).code()).isEqualTo("SymbolicLink");
        assertThat(filesBelow(outside)).isEmpty();
    }

    @Test
    void the_lake_itself_may_be_a_symbolic_link() throws Exception {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Files.createDirectories(lake.getParent());
        Files.createSymbolicLink(lake, elsewhere);

        assertThat(land(SampleContent.of("x"), name("key"), "mark"))
                .isInstanceOf(Landing.Landed.class);
        assertThat(elsewhere.resolve("lake/key")).hasContent("x");
    }

    @Test
    void a_key_below_an_object_is_refused_with_the_reason() throws Exception {
        land(SampleContent.of("x"), name("a"), "mark/1");

        Landing landing = land(SampleContent.of("y"), name("a/b/c"), "mark/2");

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).message())
                .isEqualTo(
                        lake.resolve("lake/a")
                                + " is an object, so there cannot be objects below"
                                + " it");
        assertThat(((Landing.Denied) landing).of()).isEqualTo(Landing.Denied.Of.THE_KEY);
        assertThat(((Landing.Denied) landing).remedy()).contains("delivery redirect");
        assertThat(find(SampleContent.of("y"), name("a/b/c"), "mark/2")).isEqualTo(Found.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lake", "lake/lake"})
    void a_file_in_the_place_of_the_lake_or_the_bucket_is_no_matter_of_the_key(String file)
            throws Exception {
        Path at = lake.getParent().resolve(file);
        Files.createDirectories(at.getParent());
        Files.writeString(at, "in the way");

        Landing landing = land(SampleContent.of("y"), name("a/b/c"), "mark");

        assertThat(landing)
                .isInstanceOfSatisfying(
                        Landing.Denied.class,
                        denied -> {
                            assertThat(denied.of()).isEqualTo(Landing.Denied.Of.MORE_THAN_THE_KEY);
                            assertThat(denied.remedy()).contains("Move the file away");
                        });
    }

    @Test
    void a_path_that_is_too_long_with_the_lakes_is_refused_for_its_key() throws Exception {
        Path deep = lake;
        while (deep.toString().length() < 3500) {
            deep = deep.resolve("d".repeat(200));
        }
        DirectoryStore store =
                DirectoryStore.open(new DirectorySettings(deep, true), machine.world());
        ObjectName name = new ObjectName("b", ("k".repeat(200) + "/").repeat(4) + "x");
        SampleContent content = SampleContent.of("x");

        Landing landing =
                answerOf(store.land(content, name, marked("m"), ObjectStore.UploadListener.IGNORE));

        assertThat(landing)
                .isInstanceOfSatisfying(
                        Landing.Denied.class,
                        denied -> {
                            assertThat(denied.of()).isEqualTo(Landing.Denied.Of.THE_KEY);
                            assertThat(denied.code()).isEqualTo("KeyTooLongError");
                        });
        assertThat(answerOf(store.find(name, marked("m"), content))).isEqualTo(Found.ABSENT);
    }

    @Test
    void a_name_that_the_file_system_does_not_take_is_refused_for_its_key() throws Exception {
        Landing landing =
                landWithLink(
                        (copy, file) -> {
                            throw new FileSystemException(file, copy, "Invalid argument");
                        });

        assertThat(landing)
                .isInstanceOfSatisfying(
                        Landing.Denied.class,
                        denied -> assertThat(denied.of()).isEqualTo(Landing.Denied.Of.THE_KEY));
    }

    @Test
    void names_that_no_folder_can_have_are_known_without_asking() {
        DirectoryStore store =
                DirectoryStore.open(new DirectorySettings(lake, true), machine.world());

        assertThat(store.refusal(name("a/b"))).isEmpty();
        assertThat(store.refusal(name("/a"))).isPresent();
        assertThat(store.refusal(name("a//b"))).isPresent();
        assertThat(store.refusal(new ObjectName(".delivery", "a"))).isPresent();
    }

    @Test
    void a_key_above_an_object_is_refused_with_the_reason() throws Exception {
        land(SampleContent.of("x"), name("a/b/c"), "mark/1");

        Landing landing = land(SampleContent.of("y"), name("a/b"), "mark/2");

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).message())
                .startsWith("there are objects below " + lake.resolve("lake/a/b"));
        assertThat(((Landing.Denied) landing).of()).isEqualTo(Landing.Denied.Of.THE_KEY);
        assertThat(find(SampleContent.of("y"), name("a/b"), "mark/2")).isEqualTo(Found.ABSENT);
    }

    @Test
    void a_bucket_is_created_only_when_that_is_wanted() throws Exception {
        DirectoryStore strict =
                DirectoryStore.open(new DirectorySettings(lake, false), machine.world());
        assertThat(strict.bucket("new")).isEqualTo(BucketState.MISSING);
        SampleContent content = SampleContent.of("x");
        ObjectName name = new ObjectName("new", "key");

        Landing before =
                answerOf(
                        strict.land(content, name, marked("m"), ObjectStore.UploadListener.IGNORE));
        Files.createDirectories(lake.resolve("new"));
        Landing after =
                answerOf(
                        strict.land(content, name, marked("m"), ObjectStore.UploadListener.IGNORE));

        assertThat(before).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) before).code()).isEqualTo("NoSuchBucket");
        assertThat(((Landing.Denied) before).remedy()).contains("createBuckets: true");
        assertThat(after).isInstanceOf(Landing.Landed.class);
        assertThat(strict.bucket("new")).isEqualTo(BucketState.PRESENT);
    }

    @Test
    void a_directory_that_somebody_removed_is_made_again() throws Exception {
        land(SampleContent.of("x"), name("day/1"), "mark/1");
        Files.delete(lake.resolve("lake/day/1"));
        Files.delete(lake.resolve("lake/day"));

        assertThat(land(SampleContent.of("y"), name("day/2"), "mark/2"))
                .isInstanceOf(Landing.Landed.class);
    }

    @Test
    void a_bucket_on_another_file_system_is_refused_with_what_to_do() throws Exception {
        Landing landing =
                landWithLink(
                        (copy, file) -> {
                            throw new FileSystemException(file, copy, "Invalid cross-device link");
                        });

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).code()).isEqualTo("CrossDevice");
        assertThat(((Landing.Denied) landing).message())
                .startsWith(lake.resolve("lake/key") + " is not on the file system of " + lake);
        assertThat(((Landing.Denied) landing).remedy()).contains("one POSIX file system");
        assertThat(filesBelow(lake)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Operation not permitted", "Operation not supported"})
    void a_file_system_without_hard_links_is_refused_with_what_to_do(String reason)
            throws Exception {
        Landing landing =
                landWithLink(
                        (copy, file) -> {
                            throw new FileSystemException(file, copy, reason);
                        });

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).code()).isEqualTo("NoHardLinks");
        assertThat(((Landing.Denied) landing).remedy()).contains("hard links");
    }

    @Test
    void a_link_that_fails_for_another_reason_is_tried_again() throws Exception {
        Landing landing =
                landWithLink(
                        (copy, file) -> {
                            throw new FileSystemException(file, copy, "Input/output error");
                        });

        assertThat(landing).isInstanceOf(Landing.Unknown.class);
    }

    @Test
    void an_error_of_the_machine_is_an_answer_as_well() {
        CompletionStage<Landing> landing =
                storeWithLink(
                                (copy, file) -> {
                                    throw new StackOverflowError("of a test");
                                })
                        .land(
                                SampleContent.of("x"),
                                name("key"),
                                marked("m"),
                                ObjectStore.UploadListener.IGNORE);

        assertThat(landing)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(StackOverflowError.class);
    }

    private Landing landWithLink(Link link) throws Exception {
        return land(storeWithLink(link));
    }

    private Landing land(DirectoryStore store) throws Exception {
        return answerOf(
                store.land(
                        SampleContent.of("x"),
                        name("key"),
                        marked("m"),
                        ObjectStore.UploadListener.IGNORE));
    }

    @ParameterizedTest
    @CsvSource({
        "syncDirectory, false",
        "syncDirectory, true",
        "delete, false",
        "delete, true",
    })
    void what_fails_after_the_link_is_no_refusal_because_the_object_is_visible(
            String call, boolean readOnly) throws Exception {
        DirectoryStore failing =
                storeWhoseDisk(
                        (method, arguments) -> {
                            if (method.equals(call) && isVisible()) {
                                throw notPermitted(arguments, readOnly);
                            }
                            return false;
                        });

        Landing landing = land(failing);

        assertThat(contentOf(name("key"))).isPresent();
        assertThat(landing).isInstanceOf(Landing.Unknown.class);
        assertThat(((Landing.Unknown) landing).reason()).startsWith("linked, and then failed: ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_copy_that_stays_does_not_make_a_refusal_of_a_name_that_is_taken(boolean readOnly)
            throws Exception {
        DirectoryStore failing =
                storeWhoseDisk(
                        (method, arguments) -> {
                            if (method.equals("link")) {
                                Files.writeString(lake.resolve("lake/key"), "faster");
                            }
                            if (method.equals("delete")) {
                                throw notPermitted(arguments, readOnly);
                            }
                            return false;
                        });

        assertThat(land(failing)).isInstanceOf(Landing.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_is_not_permitted_before_the_link_is_a_refusal(boolean readOnly) throws Exception {
        DirectoryStore failing =
                storeWhoseDisk(
                        (method, arguments) -> {
                            if (method.equals("create")) {
                                throw notPermitted(arguments, readOnly);
                            }
                            return false;
                        });

        Landing landing = land(failing);

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).code()).isEqualTo("AccessDenied");
        assertThat(filesBelow(lake)).isEmpty();
    }

    private boolean isVisible() {
        return Files.exists(lake.resolve("lake/key"));
    }

    private static FileSystemException notPermitted(Object[] arguments, boolean readOnly) {
        String file = arguments[0].toString();
        return readOnly
                ? new FileSystemException(file, null, "Read-only file system")
                : new AccessDeniedException(file);
    }

    /** On the real disk, but for its links. */
    private DirectoryStore storeWithLink(Link link) {
        return storeWhoseDisk(
                (method, arguments) -> {
                    boolean isLink = method.equals("link");
                    if (isLink) {
                        link.of(arguments[0].toString(), arguments[1].toString());
                    }
                    return isLink;
                });
    }

    /** On the real disk, but for the calls that are taken over. */
    private DirectoryStore storeWhoseDisk(Call taken) {
        World world = machine.world();
        Disk disk =
                (Disk)
                        Proxy.newProxyInstance(
                                Disk.class.getClassLoader(),
                                new Class<?>[] {Disk.class},
                                (proxy, method, arguments) -> {
                                    if (taken.instead(method.getName(), arguments)) {
                                        return null;
                                    }
                                    try {
                                        return method.invoke(world.disk(), arguments);
                                    } catch (InvocationTargetException failed) {
                                        throw failed.getCause();
                                    }
                                });
        return DirectoryStore.open(
                new DirectorySettings(lake),
                new World(world.clock(), disk, world.scheduler(), world.entropy()));
    }

    @FunctionalInterface
    private interface Link {
        void of(String copy, String file) throws IOException;
    }

    @FunctionalInterface
    private interface Call {
        /** Whether the disk does not hear of it. */
        boolean instead(String method, Object[] arguments) throws IOException;
    }

    @Test
    void the_probe_finds_everything_honoured_and_leaves_nothing() throws Exception {
        List<Finding> findings = store.probe("lake", "in/");

        assertThat(findings).extracting(Finding::verdict).containsOnly(Verdict.HONOURED);
        assertThat(findings)
                .extracting(Finding::subject)
                .containsExactly("landing", "read back", "second landing", "delete");
        assertThat(filesBelow(lake)).isEmpty();
    }

    @Test
    void the_probe_names_what_is_in_the_way() throws Exception {
        Files.createDirectories(lake.getParent());
        Files.writeString(lake, "a file where the lake should be");

        List<Finding> findings = store.probe("lake", "");

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).isProblem()).isTrue();
        assertThat(findings.get(0).saw()).contains(lake.toString());
    }
}
