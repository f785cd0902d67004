package io.delivery.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.Origin;
import io.delivery.record.Incarnation;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file as docs/formats/stream-meta.md draws it. */
class StreamMetaTest {
    private static final Incarnation INCARNATION =
            Incarnation.parse("0123456789abcdef0123456789abcdef");
    private static final Path DIRECTORY = Path.of("/data/streams/clicks%2Ev2~01234567");

    private final SimWorld sim = SimWorld.seeded(5);

    private static String sealed(String... lines) {
        String text = String.join("\n", lines) + "\n";
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%scrc32c %08x\n".formatted(text, crc.getValue());
    }

    private StreamMeta read(String file) throws IOException {
        sim.disk().plant(StreamMeta.in(DIRECTORY), file.getBytes(StandardCharsets.UTF_8));
        return StreamMeta.read(sim.disk(), DIRECTORY);
    }

    @Test
    void a_file_is_written_as_it_is_drawn_and_read_back() throws IOException {
        StreamMeta meta =
                new StreamMeta(
                        "Clicks.v2",
                        INCARNATION,
                        1_700_000_000_000L,
                        List.of(
                                LaneEntry.parse("main-1"),
                                LaneEntry.parse("backup-1,0,120,4"),
                                LaneEntry.parse("backup-6,130")),
                        Origin.API,
                        7);

        String file = sealed(meta.text().lines().toArray(String[]::new));

        assertThat(file)
                .isEqualTo(
                        """
                        delivery stream 2
                        Clicks.v2
                        0123456789abcdef0123456789abcdef
                        1700000000000
                        main-1 backup-1,0,120,4 backup-6,130
                        api
                        7
                        crc32c 4ac7d5da
                        """);
        assertThat(read(file)).isEqualTo(meta);
    }

    @Test
    void a_file_of_the_first_format_is_that_of_a_stream_that_the_configuration_defines()
            throws IOException {
        StreamMeta meta =
                read(
                        sealed(
                                "delivery stream 1",
                                "Clicks.v2",
                                INCARNATION.hex(),
                                "1700000000000",
                                "main-1 backup-1"));

        assertThat(meta.origin()).isEqualTo(Origin.YAML);
        assertThat(meta.version()).isZero();
        assertThat(meta.lanes()).extracting(LaneEntry::name).containsExactly("main-1", "backup-1");
    }

    @Test
    void a_file_of_a_later_format_is_refused() {
        assertThatThrownBy(() -> read(sealed("delivery stream 3", "whatever")))
                .hasMessageContaining(
                        "a format that this program does not know: delivery stream 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Clicks.v2|0123456789abcdef0123456789abcdef|1|main-1|api",
                "Clicks.v2|0123456789abcdef0123456789abcdef|1|main-1|api|7|more",
                "Clicks.v2|0123456789abcdef0123456789abcdef|1|main-1|carrier pigeon|7",
                "Clicks.v2|0123456789abcdef0123456789abcdef|1|main-1|api|seven",
                "Clicks.v2|0123456789abcdef0123456789abcdef|1|main-1,x|api|7",
                "Clicks.v2|0123456789abcdef0123456789abcdef|1|main-1,0,5|api|7",
                "Clicks.v2|0123456789abcdef0123456789abcdef|soon|main-1|api|7",
                "Clicks.v2|0123|1|main-1|api|7"
            })
    void lines_that_make_no_sense_are_damage(String lines) {
        assertThatThrownBy(() -> read(sealed(("delivery stream 2|" + lines).split("\\|"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stream.meta is damaged");
    }

    @Test
    void a_file_in_a_directory_of_another_stream_is_refused() {
        assertThatThrownBy(
                        () ->
                                read(
                                        sealed(
                                                "delivery stream 2",
                                                "views",
                                                INCARNATION.hex(),
                                                "1",
                                                "main-1",
                                                "yaml",
                                                "1")))
                .hasMessageContaining("is that of views~01234567")
                .hasMessageContaining("renamed or copied");
    }

    @Test
    void a_bit_anywhere_is_damage() throws IOException {
        String file =
                sealed(
                        "delivery stream 2",
                        "Clicks.v2",
                        INCARNATION.hex(),
                        "1700000000000",
                        "main-1",
                        "yaml",
                        "7");

        for (int bit = 0; bit < file.length() * 8; bit++) {
            sim.disk().plant(StreamMeta.in(DIRECTORY), file.getBytes(StandardCharsets.UTF_8));
            sim.disk().flipBit(StreamMeta.in(DIRECTORY), bit);

            assertThatThrownBy(() -> StreamMeta.read(sim.disk(), DIRECTORY))
                    .as("bit %d", bit)
                    .isInstanceOf(IOException.class);
        }
    }
}
