package io.delivery.runtime.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeStoreTest {
    private static final long LIMIT = 1 << 20;
    private static final int FILE = 0100644;
    private static final int PROGRAM = 0100755;
    private static final int LINK = 0120777;

    private @TempDir Path folder;
    private CodeStore store;
    private long room = 1L << 40;

    @BeforeEach
    void open() {
        store = emptied();
    }

    private CodeStore emptied() {
        return new CodeStore(folder.resolve("store"), LIMIT, () -> OptionalLong.of(room));
    }

    /** A zip file; the modes are put into its directory afterwards, as the JDK cannot do it. */
    private Path zip(Object... namesContentsModes) throws IOException {
        Path file = Files.createTempFile(folder, "code", ".zip");
        Map<String, Integer> modes = new TreeMap<>();
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < namesContentsModes.length; i += 3) {
                out.putNextEntry(new ZipEntry((String) namesContentsModes[i]));
                out.write(((String) namesContentsModes[i + 1]).getBytes(StandardCharsets.UTF_8));
                modes.put((String) namesContentsModes[i], (Integer) namesContentsModes[i + 2]);
            }
        }
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer directory = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 46 < bytes.length; at++) {
            if (directory.getInt(at) == 0x02014b50) {
                String name =
                        new String(
                                bytes,
                                at + 46,
                                directory.getShort(at + 28),
                                StandardCharsets.UTF_8);
                directory.put(at + 5, (byte) 3); // made on Unix
                directory.putInt(at + 38, modes.get(name) << 16);
            }
        }
        Files.write(file, bytes);
        return file;
    }

    /** Changes names in a zip file, as long as they are. */
    private static Path renamed(Path zip, String from, String to) throws IOException {
        String bytes = Files.readString(zip, StandardCharsets.ISO_8859_1);
        return Files.writeString(zip, bytes.replace(from, to), StandardCharsets.ISO_8859_1);
    }

    private Path folderWith(String name, String content) throws IOException {
        Path code = Files.createTempDirectory(folder, "folder");
        Path file = code.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return code;
    }

    private void refused(Path code, String why) {
        assertThatThrownBy(() -> store.take(code))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
        String[] left = folder.resolve("store").toFile().list();
        assertThat(left == null ? List.of() : List.of(left)).as("what is left of it").isEmpty();
    }

    @Test
    void a_zip_is_unpacked_with_its_folders_and_the_permission_to_run() throws Exception {
        Path zip = zip("bootstrap", "#!/bin/sh", PROGRAM, "lib/a/b.txt", "b", FILE);

        Path root = store.take(zip).root();

        assertThat(root.resolve("lib/a/b.txt")).hasContent("b");
        assertThat(Files.getPosixFilePermissions(root.resolve("bootstrap")))
                .isEqualTo(PosixFilePermissions.fromString("r-x------"));
        assertThat(Files.getPosixFilePermissions(root.resolve("lib/a/b.txt")))
                .isEqualTo(PosixFilePermissions.fromString("r--------"));
        assertThat(Files.getPosixFilePermissions(root.resolve("lib")))
                .doesNotContain(PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void a_folder_is_copied_and_what_is_changed_there_later_changes_nothing() throws Exception {
        Path code = folderWith("src/index.py", "first");
        Path root = store.take(code).root();

        Files.writeString(code.resolve("src/index.py"), "second");

        assertThat(root.resolve("src/index.py")).hasContent("first");
        assertThat(store.take(code).root()).isNotEqualTo(root);
    }

    @Test
    void the_same_content_is_unpacked_once_and_removed_behind_its_last_user() throws Exception {
        Path code = folderWith("index.py", "same");
        Path other = folderWith("index.py", "same");
        CodeStore.Lease first = store.take(code);
        CodeStore.Lease second = store.take(other);

        assertThat(second.root()).isEqualTo(first.root());
        first.giveBack();
        assertThat(second.root()).isDirectory();
        second.giveBack();
        assertThat(second.root()).doesNotExist();
    }

    @Test
    void a_checksum_changes_with_a_name_a_byte_and_the_permission_to_run() throws Exception {
        Path code = folderWith("bootstrap", "a");
        String before = FunctionCode.checksum(code);

        assertThat(FunctionCode.checksum(folderWith("bootstrap", "a"))).isEqualTo(before);
        assertThat(FunctionCode.checksum(folderWith("bootstrap", "b"))).isNotEqualTo(before);
        assertThat(FunctionCode.checksum(folderWith("bootstra", "a"))).isNotEqualTo(before);
        Files.setPosixFilePermissions(
                code.resolve("bootstrap"), PosixFilePermissions.fromString("rwx------"));
        assertThat(FunctionCode.checksum(code)).isNotEqualTo(before);
    }

    @Test
    void nothing_is_written_outside_of_the_folder() throws Exception {
        refused(renamed(zip("aa/escape", "x", FILE), "aa/escape", "../escape"), "'../escape'");
        refused(renamed(zip("absolute", "x", FILE), "absolute", "/bsolute"), "'/bsolute'");
        refused(renamed(zip("a/aa/b", "x", FILE), "a/aa/b", "a/../b"), "'a/../b'");
        refused(renamed(zip("a_b.txt", "x", FILE), "a_b.txt", "a\\b.txt"), "a\\b.txt");
        refused(renamed(zip("C_evil", "x", FILE), "C_evil", "C:evil"), "C:evil");
        assertThat(folder.resolve("escape")).doesNotExist();
    }

    @Test
    void a_name_that_is_there_twice_is_refused() throws Exception {
        refused(
                renamed(zip("one.py", "1", FILE, "two.py", "2", FILE), "two.py", "one.py"),
                "twice");
    }

    @Test
    void a_link_within_the_code_is_a_link_and_one_that_leads_out_is_refused() throws Exception {
        Path root = store.take(zip("lib/real", "r", FILE, "bin/name", "../lib/real", LINK)).root();
        assertThat(root.resolve("bin/name")).isSymbolicLink().hasContent("r");
        emptied();

        refused(zip("out", "/etc/passwd", LINK), "out -> /etc/passwd");
        refused(zip("out", "../..", LINK), "leads out");
        refused(zip("none", "nothing", LINK), "leads out of the code or nowhere");
        refused(zip("d/up", "..", LINK, "out", "d/up/..", LINK), "out -> d/up/..");
    }

    @Test
    void nothing_is_written_through_a_link() throws Exception {
        refused(zip("d", "/tmp", LINK, "d/evil", "x", FILE), "behind the symbolic link d");
        refused(zip("d/evil", "x", FILE, "d", "/tmp", LINK), "behind the symbolic link d");
    }

    @Test
    void a_bomb_is_refused_when_it_is_larger_than_may_be() throws Exception {
        refused(zip("zeros", "\0".repeat((int) LIMIT + 1), FILE), "larger than 1 MB");
        refused(zip("a", "\0".repeat((int) LIMIT), FILE, "b", "x", FILE), "larger than 1 MB");
    }

    @Test
    void what_is_missing_broken_or_of_another_kind_is_told_with_its_path() throws Exception {
        refused(folder.resolve("missing"), "missing does not exist");
        refused(Files.writeString(folder.resolve("index.py"), "x"), "is no folder, .zip or .jar");
        refused(Files.writeString(folder.resolve("text.zip"), "no zip"), "text.zip");
        refused(Files.writeString(folder.resolve("empty.zip"), ""), "empty.zip");
        Path cut = zip("a", "content", FILE);
        byte[] bytes = Files.readAllBytes(cut);
        try (OutputStream out = Files.newOutputStream(cut)) {
            out.write(bytes, 0, bytes.length / 2);
        }
        refused(cut, cut.getFileName().toString());
    }

    @Test
    void a_link_in_a_folder_is_held_to_the_same() throws Exception {
        Path code = folderWith("lib/real", "r");
        Files.createSymbolicLink(code.resolve("name"), code.toRealPath().resolve("lib/real"));
        Path root = store.take(code).root();
        assertThat(root.resolve("name").toRealPath()).startsWith(root.toRealPath());
        emptied();

        Files.createSymbolicLink(code.resolve("out"), folder);

        refused(code, "leads out");
    }

    @Test
    void a_bomb_is_not_read_further_than_it_may_be_large() throws Exception {
        Path bomb = folder.resolve("bomb.zip");
        byte[] zeros = new byte[1 << 20];
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(bomb))) {
            out.putNextEntry(new ZipEntry("zeros"));
            for (int i = 0; i < 1 << 6; i++) {
                out.write(zeros);
            }
        }

        assertThatThrownBy(() -> FunctionCode.checksum(bomb, LIMIT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("larger than 1 MB");
    }

    @Test
    void folders_count_as_files_do() throws Exception {
        Object[] deep = new Object[3 * 700];
        for (int i = 0; i < 700; i++) {
            deep[3 * i] = i + "/d".repeat(100) + "/file";
            deep[3 * i + 1] = "x";
            deep[3 * i + 2] = FILE;
        }

        refused(zip(deep), "more than 65534 files and folders");
    }

    @Test
    void code_that_was_given_back_cannot_be_shared() throws Exception {
        CodeStore.Lease lease = store.take(folderWith("index.py", "x"));
        lease.giveBack();

        assertThatThrownBy(lease::share)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not in use");
        assertThat(lease.root()).doesNotExist();
    }

    @Test
    void code_that_there_is_no_room_for_is_not_begun_and_taken_when_there_is() throws Exception {
        Path code = folderWith("index.py", "x".repeat(100_000));
        room = 2_000_000; // some of it is what streams need

        assertThatThrownBy(() -> store.take(code))
                .isInstanceOf(MachineRefusesException.class)
                .hasMessageContaining("no room for the function's code in")
                .hasMessageContaining("2000000 bytes are free");
        assertThat(folder.resolve("store")).isEmptyDirectory();
        room = 4_000_000;

        assertThat(store.take(code).root().resolve("index.py")).hasSize(100_000);
    }

    @Test
    void code_that_had_no_room_is_not_read_before_there_is() throws Exception {
        Path code = folderWith("index.py", "x");
        room = 2_000_000;
        assertThatThrownBy(() -> store.take(code)).isInstanceOf(MachineRefusesException.class);
        Files.write(code.resolve("large"), new byte[(int) LIMIT + 1]); // reading it would tell that

        assertThatThrownBy(() -> store.take(code)).isInstanceOf(MachineRefusesException.class);

        room = 1L << 40;
        refused(code, "larger than 1 MB");
    }

    @Test
    void code_that_had_no_room_needs_none_when_others_have_unpacked_it() throws Exception {
        Path code = folderWith("index.py", "same");
        Path other = folderWith("index.py", "same");
        room = 2_000_000;
        assertThatThrownBy(() -> store.take(code)).isInstanceOf(MachineRefusesException.class);
        room = 1L << 40;
        Path root = store.take(other).root();
        room = 0;

        assertThat(store.take(code).root()).isEqualTo(root);
    }

    @Test
    void code_that_had_no_room_is_not_read_while_others_only_try_to_unpack_it() throws Exception {
        CountDownLatch trying = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        CodeStore.Room little =
                () -> {
                    trying.countDown();
                    awaitIf(trying.getCount() == 0, goOn);
                    return OptionalLong.of(2_000_000);
                };
        store = new CodeStore(folder.resolve("store"), LIMIT, little);
        Path code = folderWith("index.py", "same");
        Path other = folderWith("index.py", "same");
        assertThatThrownBy(() -> store.take(code)).isInstanceOf(MachineRefusesException.class);
        CompletableFuture<CodeStore.Lease> tries = inBackground(() -> store.take(other));
        assertThat(trying.await(60, TimeUnit.SECONDS)).isTrue();
        Files.write(code.resolve("large"), new byte[(int) LIMIT + 1]); // reading it would tell that

        FutureTask<CodeStore.Lease> again = new FutureTask<>(() -> store.take(code));
        Thread thread = new Thread(again);
        thread.start();
        await().until(() -> again.isDone() || thread.getState() == Thread.State.BLOCKED);
        goOn.countDown();

        assertThatThrownBy(() -> again.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(MachineRefusesException.class);
        assertThatThrownBy(() -> tries.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(MachineRefusesException.class);
    }

    @Test
    void code_whose_folder_cannot_be_made_is_refused_by_the_machine() throws Exception {
        Files.createFile(folder.resolve("store"));

        assertThatThrownBy(() -> store.take(folderWith("index.py", "x")))
                .isInstanceOf(MachineRefusesException.class);
    }

    @Test
    void a_folder_that_is_deeper_than_a_path_may_be_long_is_removed() throws Exception {
        Path root = Files.createDirectories(folder.resolve("deep"));
        // Built from its end: no path is long while it is made.
        for (int i = 0; i < 40; i++) {
            Path above = Files.createDirectories(folder.resolve("above/" + "d".repeat(250)));
            Files.move(root, above.resolve("inner"));
            Files.move(folder.resolve("above"), root);
        }

        Folders.remove(root);

        assertThat(root).doesNotExist();
    }

    /** Blocks whoever looks for room a second time, until a test lets it go on. */
    private static final class SlowRoom implements CodeStore.Room {
        private final CountDownLatch asked = new CountDownLatch(2);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public OptionalLong usableBytes() throws IOException {
            asked.countDown();
            awaitIf(asked.getCount() == 0, goOn);
            return OptionalLong.empty();
        }
    }

    private static void awaitIf(boolean waits, CountDownLatch goOn) throws IOException {
        try {
            if (waits && !goOn.await(60, TimeUnit.SECONDS)) {
                throw new IOException("nobody let it go on");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void code_that_is_being_unpacked_holds_up_nobody_who_has_another() throws Exception {
        SlowRoom slow = new SlowRoom();
        store = new CodeStore(folder.resolve("store"), LIMIT, slow);
        Path code = folderWith("index.py", "first");
        CodeStore.Lease lease = store.take(code);
        Path other = folderWith("index.py", "second");
        CompletableFuture<CodeStore.Lease> unpacked = inBackground(() -> store.take(other));
        assertThat(slow.asked.await(60, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Path> meanwhile =
                inBackground(
                        () -> {
                            CodeStore.Lease shared = lease.share();
                            store.take(code).giveBack();
                            lease.giveBack();
                            shared.giveBack();
                            return shared.root();
                        });

        assertThat(meanwhile.get(20, TimeUnit.SECONDS)).doesNotExist();
        assertThat(unpacked).isNotDone();
        slow.goOn.countDown();
        assertThat(unpacked.get(60, TimeUnit.SECONDS).root().resolve("index.py"))
                .hasContent("second");
    }

    @Test
    void the_same_code_is_unpacked_once_also_for_those_who_take_it_meanwhile() throws Exception {
        SlowRoom slow = new SlowRoom();
        store = new CodeStore(folder.resolve("store"), LIMIT, slow);
        store.take(folderWith("index.py", "first"));
        Path code = folderWith("index.py", "second");
        CompletableFuture<CodeStore.Lease> one = inBackground(() -> store.take(code));
        assertThat(slow.asked.await(60, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<CodeStore.Lease> two = inBackground(() -> store.take(code));

        slow.goOn.countDown();

        Path root = one.get(60, TimeUnit.SECONDS).root();
        assertThat(two.get(60, TimeUnit.SECONDS).root()).isEqualTo(root);
        one.join().giveBack();
        assertThat(root.resolve("index.py")).hasContent("second");
        two.join().giveBack();
        assertThat(root).doesNotExist();
    }

    @Test
    void room_that_was_promised_to_a_code_is_free_again_when_it_was_unpacked() throws Exception {
        room = 3_500_000; // for one of them
        for (int i = 0; i < 3; i++) {
            Path root = store.take(folderWith("index.py", i + "x".repeat(1_000_000))).root();
            assertThat(root.resolve("index.py")).hasSize(1_000_001);
        }
    }

    private static <T> CompletableFuture<T> inBackground(Callable<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                task -> new Thread(task).start());
    }
}
