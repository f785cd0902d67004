package io.delivery.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A bucket that is a folder. */
public final class DirectoryLake implements Lake {
    private final Path bucket;

    public DirectoryLake(Path bucket) {
        this.bucket = bucket;
    }

    @Override
    public Map<String, Long> list(String prefix) throws IOException {
        Map<String, Long> objects = new TreeMap<>();
        // Not the whole bucket, which may be somebody's lake.
        Path folder = bucket.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        if (!Files.isDirectory(folder)) {
            return objects;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String key = bucket.relativize(file).toString().replace('\\', '/');
                if (key.startsWith(prefix)) {
                    objects.put(key, Files.size(file));
                }
            }
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
        return objects;
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(bucket.resolve(key)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Map<String, Integer>> versions(String prefix) {
        return Optional.empty();
    }

    @Override
    public void remove(String key) throws IOException {
        Files.deleteIfExists(bucket.resolve(key));
    }

    @Override
    public void close() {}
}
