package io.delivery.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionState;
import io.delivery.crypt.WrappedKey;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a stream's file {@code keys} says: its data keys, wrapped, and whether what is written now
 * is encrypted. {@code docs/formats/stream-keys.md} draws it.
 *
 * @param settings that apply, or applied last
 * @param callsMillis when callers of the API have switched encryption in the last day, milliseconds
 *     since the epoch
 * @param keys all that the stream ever had, the newest last
 */
public record StreamKeyFile(
        EncryptionState state,
        EncryptionSettings settings,
        List<Long> callsMillis,
        List<WrappedKey> keys) {
    /** Of a stream that was never encrypted. */
    public static final StreamKeyFile NONE =
            new StreamKeyFile(
                    EncryptionState.DISABLED, EncryptionSettings.DEFAULT, List.of(), List.of());

    private static final String FILE = "keys";
    private static final String FORMAT = "delivery stream keys 1";
    private static final String NO_ARN = "-";
    private static final int HEAD_LINES = 4;

    /**
     * @throws IllegalArgumentException when the key's name is not one line
     */
    public StreamKeyFile {
        if (settings.keyArn().filter(arn -> arn.matches("(?s).*[\\r\\n].*")).isPresent()) {
            throw new IllegalArgumentException("a KeyARN is one line, this one is not");
        }
        callsMillis = List.copyOf(callsMillis);
        keys = List.copyOf(keys);
    }

    /**
     * With the keys of another one that this one lacks. They stand in front: the key that was drawn
     * last stays the last one.
     */
    public StreamKeyFile withKeysOf(StreamKeyFile other) {
        Set<Integer> own = keys.stream().map(WrappedKey::number).collect(Collectors.toSet());
        List<WrappedKey> all =
                Stream.concat(
                                other.keys.stream().filter(key -> !own.contains(key.number())),
                                keys.stream())
                        .toList();
        return withKeys(all);
    }

    /** With these keys in the place of its own. */
    public StreamKeyFile withKeys(List<WrappedKey> all) {
        return new StreamKeyFile(state, settings, callsMillis, all);
    }

    /** With a switch that has come to its end. */
    public StreamKeyFile settled() {
        return new StreamKeyFile(state.settled(), settings, callsMillis, keys);
    }

    /** Whether no switch is under way. */
    public boolean isSettled() {
        return state == state.settled();
    }

    static Path in(Path directory) {
        return directory.resolve(FILE);
    }

    /**
     * Reads the file of a stream's directory; empty when there is none.
     *
     * @throws IOException when it is damaged, or of a format that this program does not know
     */
    public static Optional<StreamKeyFile> read(Disk disk, Path directory) throws IOException {
        Path path = in(directory);
        if (!disk.exists(path)) {
            return Optional.empty();
        }
        List<String> lines = ChecksummedText.read(disk, path);
        if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
            throw new IOException(
                    "%s is of a format that this program does not know: %s"
                            .formatted(path, lines.isEmpty() ? "" : lines.get(0)));
        }
        try {
            return Optional.of(parse(lines));
        } catch (IllegalArgumentException senseless) {
            throw new IOException(path + " is damaged: " + senseless.getMessage(), senseless);
        }
    }

    private static StreamKeyFile parse(List<String> lines) {
        if (lines.size() < HEAD_LINES) {
            throw new IllegalArgumentException("it has " + lines.size() + " lines");
        }
        String arn = lines.get(2);
        return new StreamKeyFile(
                EncryptionState.parse(lines.get(1)),
                arn.equals(NO_ARN)
                        ? EncryptionSettings.DEFAULT
                        : new EncryptionSettings(Optional.of(arn)),
                Arrays.stream(lines.get(3).split(" "))
                        .filter(word -> !word.isEmpty())
                        .map(Long::valueOf)
                        .toList(),
                lines.subList(HEAD_LINES, lines.size()).stream().map(WrappedKey::parse).toList());
    }

    /**
     * The lines of the file.
     *
     * @throws IllegalArgumentException when {@link #read} would find something else in them: then
     *     no file may be replaced by them
     */
    String text() {
        String text = lines();
        List<String> lines = new String(text.getBytes(UTF_8), UTF_8).lines().toList();
        if (!parse(lines).equals(this)) {
            throw new IllegalArgumentException("the keys of a stream could not be read again");
        }
        return text;
    }

    private String lines() {
        StringBuilder text = new StringBuilder();
        text.append(FORMAT).append('\n');
        text.append(state.word()).append('\n');
        text.append(settings.keyArn().orElse(NO_ARN)).append('\n');
        text.append(callsMillis.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        text.append('\n');
        keys.forEach(key -> text.append(key.text()).append('\n'));
        return text.toString();
    }
}
