package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.http.FirehoseClient;
import io.delivery.machine.SystemClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Numbered lines: put into a daemon, looked for in the lake. */
public final class Notes {
    private Notes() {}

    public static List<String> lines(int from, int end) {
        return IntStream.range(from, end).mapToObj("note %04d"::formatted).toList();
    }

    /** Puts them in one batch, all of which must be accepted. */
    static void put(DaemonProcess daemon, String stream, List<String> lines) throws Exception {
        List<byte[]> records =
                lines.stream().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
        assertThat(
                        new FirehoseClient(daemon.api(), Optional.empty(), new SystemClock())
                                .putRecordBatch(stream, records))
                .hasSize(lines.size())
                .allMatch(FirehoseClient.Entry::accepted);
    }

    /** All lines of all objects of a bucket, sorted: what is there twice is found twice. */
    public static List<String> landed(Path bucket) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Lake lake = new DirectoryLake(bucket)) {
            for (String key : lake.list("").keySet()) {
                String object = new String(lake.read(key).orElseThrow(), StandardCharsets.UTF_8);
                object.lines().forEach(lines::add);
            }
        }
        lines.sort(null);
        return lines;
    }
}
