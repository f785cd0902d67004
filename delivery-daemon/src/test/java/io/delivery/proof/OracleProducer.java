package io.delivery.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.ApiException;
import io.delivery.api.http.FirehoseClient;
import io.delivery.api.signing.RequestSigner;
import io.delivery.machine.SystemClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Puts signed batches from several threads and remembers what became of each call. Every record
 * carries its id and a checksum of its own content; some are several JSON objects, some have a part
 * without partition key, some are no JSON at all. Nothing is sent twice: what a call without answer
 * has left may be there once or not at all, and its records share their fate.
 */
final class OracleProducer implements AutoCloseable {
    static final String ACCESS_KEY = "prover";
    static final String SECRET = "0123456789abcdef";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCH = 25;
    private static final int PAUSE_MILLIS = 4;

    private final String stream;
    private final ScheduledExecutorService threads;
    private final int threadCount;
    private final long seed;
    private final List<Future<?>> running = new ArrayList<>();
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final Set<String> recordIds = ConcurrentHashMap.newKeySet();
    private volatile FirehoseClient client;

    /** What the producer knows of one call's fate. */
    enum Fate {
        ACKNOWLEDGED,
        UNKNOWN
    }

    /** Records that were sent together. */
    record Call(Fate fate, List<Sent> records) {}

    /**
     * One record.
     *
     * @param checksum of all its bytes
     * @param failing which of its parts belong into the error output
     */
    record Sent(String id, long checksum, boolean[] failing) {
        int parts() {
            return failing.length;
        }
    }

    OracleProducer(String stream, int threads, long seed) {
        this.stream = stream;
        this.threadCount = threads;
        this.seed = seed;
        this.threads = Executors.newScheduledThreadPool(threads);
    }

    /** Where the daemon answers now; null: nowhere, and nothing is sent. */
    void pointAt(URI api) {
        client =
                api == null
                        ? null
                        : new FirehoseClient(
                                api,
                                Optional.of(new RequestSigner(ACCESS_KEY, SECRET, "us-east-1")),
                                new SystemClock());
    }

    void start() {
        for (int i = 0; i < threadCount; i++) {
            Turn turn = new Turn(i, new Random(seed + i));
            running.add(
                    threads.scheduleWithFixedDelay(turn, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    /** Ends sending; every call has its fate afterwards. */
    void stop() throws InterruptedException {
        for (Future<?> thread : running) {
            if (thread.isDone()) { // it never ends by itself
                try {
                    thread.get();
                } catch (ExecutionException failed) {
                    throw new AssertionError("a producer failed", failed.getCause());
                }
            }
        }
        threads.shutdown();
        if (!threads.awaitTermination(90, TimeUnit.SECONDS)) {
            throw new AssertionError("a call got neither an answer nor an error");
        }
    }

    Collection<Call> calls() {
        return calls.values();
    }

    long acknowledged() {
        return calls.values().stream()
                .filter(call -> call.fate() == Fate.ACKNOWLEDGED)
                .mapToLong(call -> call.records().size())
                .sum();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    static long checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    /** One thread's calls, one after the other. */
    private final class Turn implements Runnable {
        private final int thread;
        private final Random random;
        private int callCount;
        private int recordCount;

        Turn(int thread, Random random) {
            this.thread = thread;
            this.random = random;
        }

        @Override
        public void run() {
            FirehoseClient current = client;
            if (current == null) {
                return;
            }
            List<byte[]> records = new ArrayList<>();
            List<Sent> sent = new ArrayList<>();
            int count = 1 + random.nextInt(2 * BATCH);
            for (int i = 0; i < count; i++) {
                records.add(record(sent));
            }
            calls.put(thread + "/" + callCount++, new Call(put(current, records), sent));
        }

        private Fate put(FirehoseClient current, List<byte[]> records) {
            try {
                List<FirehoseClient.Entry> answers = current.putRecordBatch(stream, records);
                if (answers.size() != records.size()) {
                    throw new AssertionError("%d answers".formatted(answers.size()));
                }
                for (FirehoseClient.Entry answer : answers) {
                    if (!answer.accepted() || !recordIds.add(answer.recordId())) {
                        throw new AssertionError("refused or given twice: " + answer);
                    }
                }
                return Fate.ACKNOWLEDGED;
            } catch (IOException noAnswer) {
                return Fate.UNKNOWN;
            } catch (ApiException refused) {
                if (refused.status() < 500) {
                    throw new AssertionError("a good call was refused", refused);
                }
                return Fate.UNKNOWN;
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                return Fate.UNKNOWN;
            }
        }

        private byte[] record(List<Sent> sent) {
            String id = "t%d-%06d".formatted(thread, recordCount++);
            int parts = random.nextInt(5) == 0 ? 2 + random.nextInt(4) : 1;
            boolean[] failing = new boolean[parts];
            StringBuilder text = new StringBuilder();
            for (int part = 0; part < parts; part++) {
                failing[part] = random.nextInt(40) == 0;
                text.append(part(id, part, failing[part]));
            }
            if (random.nextInt(100) == 0) {
                // Not JSON: never split, its only part fails.
                failing = new boolean[] {true};
                text.setLength(text.length() - 1);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            sent.add(new Sent(id, checksum(bytes), failing));
            return bytes;
        }

        private String part(String id, int part, boolean withoutKey) {
            // Most go to one partition, so that it is closed by size as well.
            int key = random.nextInt(3) > 0 ? 0 : random.nextInt(12);
            String pad = "x".repeat(random.nextInt(600));
            return "{\"id\":\"%s\",\"part\":%d,%s\"pad\":\"%s\",\"sum\":%d}"
                    .formatted(
                            id,
                            part,
                            withoutKey ? "" : "\"key\":\"k%d\",".formatted(key),
                            pad,
                            sum(id, part, pad));
        }
    }

    private static long sum(String id, int part, String pad) {
        return checksum((id + "/" + part + "/" + pad).getBytes(StandardCharsets.UTF_8));
    }

    // --- comparison ---

    /** Name of the part that this line is, its content checked against its own sum. */
    static String partOf(byte[] line, String objectKey) {
        JsonNode part;
        try {
            part = JSON.readTree(line);
        } catch (IOException noJson) {
            throw new AssertionError(objectKey + ": " + new String(line, StandardCharsets.UTF_8));
        }
        String id = part.path("id").asText();
        int number = part.path("part").asInt();
        if (part.path("sum").asLong() != sum(id, number, part.path("pad").asText())) {
            throw new AssertionError("changed on the way: " + part);
        }
        if (part.has("key") && !objectKey.contains("k=" + part.path("key").asText() + "/")) {
            throw new AssertionError("in the wrong partition: " + objectKey + ": " + part);
        }
        return id + "/" + number;
    }

    /** What was found in the store. */
    static final class Findings {
        private final Set<String> main = new HashSet<>();
        private final Set<String> error = new HashSet<>();
        private final Map<String, Long> backup = new ConcurrentHashMap<>();

        void main(String objectKey, byte[] object) {
            for (byte[] line : lines(object)) {
                String part = partOf(line, objectKey);
                if (!main.add(part)) {
                    throw new AssertionError("twice in main: " + part + " in " + objectKey);
                }
            }
        }

        void error(String objectKey, byte[] object) {
            for (byte[] line : lines(object)) {
                String part = failedPart(line);
                if (!error.add(part)) {
                    throw new AssertionError("twice in the error output: " + part);
                }
            }
        }

        private static String failedPart(byte[] line) {
            try {
                byte[] raw = JSON.readTree(line).path("rawData").binaryValue();
                String text = new String(raw, StandardCharsets.UTF_8);
                boolean whole = text.endsWith("}");
                return whole ? partOf(raw, "") : idIn(text) + "/0#" + checksum(raw);
            } catch (JsonProcessingException noJson) {
                throw new AssertionError("error output is no JSON", noJson);
            } catch (IOException noBytes) {
                throw new AssertionError("rawData is no base64", noBytes);
            }
        }

        void backup(byte[] object) {
            for (byte[] line : lines(object)) {
                String id = idIn(new String(line, StandardCharsets.UTF_8));
                if (backup.put(id, checksum(line)) != null) {
                    throw new AssertionError("twice in the backup: " + id);
                }
            }
        }

        private static String idIn(String text) {
            int from = text.indexOf("\"id\":\"") + 6;
            return text.substring(from, text.indexOf('"', from));
        }

        private static List<byte[]> lines(byte[] object) {
            List<byte[]> lines = new ArrayList<>();
            int from = 0;
            for (int at = 0; at < object.length; at++) {
                if (object[at] == '\n') {
                    lines.add(Arrays.copyOfRange(object, from, at));
                    from = at + 1;
                }
            }
            if (from != object.length) {
                throw new AssertionError("the last line has no end");
            }
            return lines;
        }

        long mainParts() {
            return main.size();
        }

        long errorParts() {
            return error.size();
        }

        long backupRecords() {
            return backup.size();
        }
    }

    /**
     * Compares what was sent with what was found.
     *
     * @return how many records of calls without an answer are there
     * @throws AssertionError when an acknowledged part is not in exactly one place, when a call
     *     without answer is there in part, or when something was found that nobody sent
     */
    long compare(Findings found) {
        long expectedMain = 0;
        long expectedError = 0;
        long present = 0;
        long unanswered = 0;
        for (Call call : calls.values()) {
            long there =
                    call.records().stream().filter(r -> found.backup.containsKey(r.id())).count();
            if (call.fate() == Fate.ACKNOWLEDGED && there < call.records().size()) {
                throw new AssertionError(
                        "acknowledged, and %d of %d in the backup: %s"
                                .formatted(there, call.records().size(), call.records()));
            }
            if (there != 0 && there != call.records().size()) {
                throw new AssertionError("a call is there in part: " + call);
            }
            for (Sent record : call.records()) {
                if (there > 0 && found.backup.get(record.id()) != record.checksum()) {
                    throw new AssertionError("changed in the backup: " + record);
                }
                for (int part = 0; part < record.parts(); part++) {
                    boolean inMain = found.main.contains(record.id() + "/" + part);
                    boolean inError =
                            found.error.contains(record.id() + "/" + part)
                                    || part == 0
                                            && found.error.contains(
                                                    record.id() + "/0#" + record.checksum());
                    boolean expected = there > 0;
                    if (inMain != (expected && !record.failing()[part])
                            || inError != (expected && record.failing()[part])) {
                        throw new AssertionError(
                                "part %d of %s: main %s, error output %s, backup %s"
                                        .formatted(part, record.id(), inMain, inError, expected));
                    }
                    expectedMain += inMain ? 1 : 0;
                    expectedError += inError ? 1 : 0;
                }
            }
            present += there;
            unanswered += call.fate() == Fate.UNKNOWN ? there : 0;
        }
        if (expectedMain != found.mainParts()
                || expectedError != found.errorParts()
                || present != found.backupRecords()) {
            throw new AssertionError("something was found that nobody sent");
        }
        return unanswered;
    }
}
