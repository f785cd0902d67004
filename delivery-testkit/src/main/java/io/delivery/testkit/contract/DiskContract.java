package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} does while the power is on. */
public abstract class DiskContract {
    /** The disk under test. */
    protected abstract Disk disk();

    /** An empty directory on it that is there. */
    protected abstract Path root();

    private Path at(String name) {
        return root().resolve(name);
    }

    private void write(String name, String text) throws IOException {
        try (DiskFile file = disk().create(at(name))) {
            file.write(bytes(text), 0);
        }
    }

    private String read(String name) throws IOException {
        try (DiskFile file = disk().openReadOnly(at(name))) {
            return read(file);
        }
    }

    private static String read(DiskFile file) throws IOException {
        ByteBuffer target = ByteBuffer.allocate((int) file.length());
        file.readFully(target, 0);
        return new String(target.array(), StandardCharsets.UTF_8);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_is_written_is_read_back_by_position() throws IOException {
        try (DiskFile file = disk().create(at("a"))) {
            file.write(bytes("hello world"), 0);
            file.write(bytes("W"), 6);

            ByteBuffer target = ByteBuffer.allocate(5);
            file.readFully(target, 6);

            assertThat(new String(target.array(), StandardCharsets.UTF_8)).isEqualTo("World");
            assertThat(file.length()).isEqualTo(11);
        }
    }

    @Test
    void a_write_takes_all_remaining_bytes_and_nothing_else() throws IOException {
        byte[] large = new byte[(3 << 20) + 17];
        new Random(1).nextBytes(large);
        ByteBuffer heap = ByteBuffer.wrap(large, 10, large.length - 20);
        ByteBuffer direct = ByteBuffer.allocateDirect(large.length).put(large).flip();

        try (DiskFile file = disk().create(at("large"))) {
            file.write(heap, 0);
            file.write(direct, large.length - 20);

            assertThat(heap.remaining()).isZero();
            assertThat(direct.remaining()).isZero();
            ByteBuffer back = ByteBuffer.allocate((int) file.length());
            file.readFully(back, 0);
            ByteBuffer expected = ByteBuffer.allocate(2 * large.length - 20);
            expected.put(large, 10, large.length - 20).put(large);
            assertThat(back.array()).isEqualTo(expected.array());
        }
    }

    @Test
    void bytes_skipped_by_a_write_behind_the_end_read_as_zero() throws IOException {
        try (DiskFile file = disk().create(at("holes"))) {
            file.write(bytes("x"), 10_000);

            ByteBuffer target = ByteBuffer.allocate(10_001);
            file.readFully(target, 0);

            assertThat(target.get(10_000)).isEqualTo((byte) 'x');
            assertThat(target.limit(10_000).rewind()).isEqualTo(ByteBuffer.allocate(10_000));
        }
    }

    @Test
    void reading_at_or_behind_the_end_says_so() throws IOException {
        try (DiskFile file = disk().create(at("short"))) {
            file.write(bytes("abc"), 0);

            assertThat(file.read(ByteBuffer.allocate(8), 3)).isEqualTo(-1);
            assertThat(file.read(ByteBuffer.allocate(8), 300)).isEqualTo(-1);
            assertThat(file.read(ByteBuffer.allocate(8), 1)).isEqualTo(2);
            assertThatThrownBy(() -> file.readFully(ByteBuffer.allocate(4), 0))
                    .isInstanceOf(EOFException.class)
                    .hasMessage("file ends at 3, 1 bytes short");
        }
    }

    @Test
    void a_name_that_is_taken_is_not_created_again() throws IOException {
        write("a", "first");

        assertThatThrownBy(() -> disk().create(at("a")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(read("a")).isEqualTo("first");
    }

    @Test
    void what_is_not_there_is_not_opened() {
        assertThatThrownBy(() -> disk().open(at("a"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().openReadOnly(at("a")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().create(at("missing/a")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void an_opened_file_goes_on_where_it_was() throws IOException {
        write("a", "abc");

        try (DiskFile file = disk().open(at("a"))) {
            file.write(bytes("d"), file.length());
        }

        assertThat(read("a")).isEqualTo("abcd");
    }

    @Test
    void a_file_opened_for_reading_is_not_written() throws IOException {
        write("a", "abc");

        try (DiskFile file = disk().openReadOnly(at("a"))) {
            assertThatThrownBy(() -> file.write(bytes("d"), 0))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> file.truncate(0))
                    .isInstanceOf(NonWritableChannelException.class);
        }
        assertThat(read("a")).isEqualTo("abc");
    }

    @Test
    void a_closed_file_is_not_used_and_closes_twice() throws IOException {
        DiskFile file = disk().create(at("a"));
        file.close();
        file.close();

        assertThatThrownBy(() -> file.write(bytes("x"), 0))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0))
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void rename_replaces_what_is_there() throws IOException {
        write("new", "new");
        write("old", "old");

        disk().rename(at("new"), at("old"));

        assertThat(read("old")).isEqualTo("new");
        assertThat(disk().exists(at("new"))).isFalse();
        assertThatThrownBy(() -> disk().rename(at("new"), at("old")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void rename_moves_files_and_directories_between_directories() throws IOException {
        disk().createDirectories(at("from/inner"));
        disk().createDirectories(at("to"));
        write("from/inner/a", "a");

        disk().rename(at("from/inner"), at("to/moved"));

        assertThat(read("to/moved/a")).isEqualTo("a");
        assertThat(disk().list(at("from"))).isEmpty();
    }

    @Test
    void an_open_file_survives_its_rename_and_its_deletion() throws IOException {
        try (DiskFile file = disk().create(at("a"))) {
            file.write(bytes("abc"), 0);
            disk().rename(at("a"), at("b"));
            file.write(bytes("d"), 3);
            assertThat(read("b")).isEqualTo("abcd");

            disk().delete(at("b"));
            assertThat(read(file)).isEqualTo("abcd");
        }
    }

    @Test
    void a_link_is_a_second_name_of_the_same_file() throws IOException {
        write("a", "abc");
        write("taken", "taken");

        disk().link(at("a"), at("b"));
        disk().delete(at("a"));

        assertThat(read("b")).isEqualTo("abc");
        assertThatThrownBy(() -> disk().link(at("b"), at("taken")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(read("taken")).isEqualTo("taken");
        assertThatThrownBy(() -> disk().link(at("a"), at("c")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void delete_removes_files_and_empty_directories_and_minds_nothing_that_is_gone()
            throws IOException {
        disk().createDirectories(at("d"));
        write("d/a", "a");

        assertThatThrownBy(() -> disk().delete(at("d")))
                .isInstanceOf(DirectoryNotEmptyException.class);
        disk().delete(at("d/a"));
        disk().delete(at("d"));
        disk().delete(at("d"));
        disk().delete(at("d/a"));

        assertThat(disk().list(root())).isEmpty();
    }

    @Test
    void directories_are_created_with_all_above_them_and_again() throws IOException {
        disk().createDirectories(at("x/y/z"));
        disk().createDirectories(at("x/y/z"));
        write("file", "");

        assertThat(disk().exists(at("x/y/z"))).isTrue();
        assertThatThrownBy(() -> disk().createDirectories(at("file")))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void a_directory_lists_its_entries_by_name() throws IOException {
        write("b", "");
        write("a", "");
        write("B", "");
        disk().createDirectories(at("c/below"));

        assertThat(disk().list(root())).containsExactly(at("B"), at("a"), at("b"), at("c"));
        assertThat(disk().list(at("missing"))).isEmpty();
    }

    @Test
    void exists_tells_files_and_directories_from_nothing() throws IOException {
        write("a", "");

        assertThat(disk().exists(at("a"))).isTrue();
        assertThat(disk().exists(root())).isTrue();
        assertThat(disk().exists(at("b"))).isFalse();
        assertThat(disk().exists(at("a/b"))).isFalse();
    }

    @Test
    void truncate_cuts_and_never_grows() throws IOException {
        try (DiskFile file = disk().create(at("a"))) {
            file.write(bytes("abcdef"), 0);

            file.truncate(3);
            file.truncate(5);
            assertThat(read(file)).isEqualTo("abc");

            file.write(bytes("x"), 5);
            assertThat(read(file)).isEqualTo("abc\0\0x");
        }
    }

    @Test
    void allocate_grows_by_zeros_and_changes_nothing_that_is_there() throws IOException {
        try (DiskFile file = disk().create(at("a"))) {
            file.write(bytes("abc"), 0);

            file.allocate((2 << 20) + 5);
            file.allocate(1);

            assertThat(file.length()).isEqualTo((2 << 20) + 5);
            ByteBuffer back = ByteBuffer.allocate((int) file.length());
            file.readFully(back, 0);
            ByteBuffer expected = ByteBuffer.allocate((int) file.length()).put(bytes("abc"));
            assertThat(back.array()).isEqualTo(expected.array());
        }
    }

    @Test
    void files_and_directories_are_synced() throws IOException {
        try (DiskFile file = disk().create(at("a"))) {
            file.write(bytes("abc"), 0);
            file.sync();
        }
        disk().syncDirectory(root());

        assertThat(read("a")).isEqualTo("abc");
        assertThatThrownBy(() -> disk().syncDirectory(at("missing")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void room_is_told_also_for_a_directory_that_is_not_there_yet() throws IOException {
        assertThat(disk().usableBytes(root()).getAsLong()).isPositive();
        assertThat(disk().usableBytes(at("not/yet")).getAsLong()).isPositive();
    }

    @Test
    void names_may_hold_spaces_and_letters_of_all_kinds() throws IOException {
        write("a b=c+%41 ümlaut 日本", "abc");

        assertThat(read("a b=c+%41 ümlaut 日本")).isEqualTo("abc");
        assertThat(disk().list(root())).containsExactly(at("a b=c+%41 ümlaut 日本"));
    }
}
