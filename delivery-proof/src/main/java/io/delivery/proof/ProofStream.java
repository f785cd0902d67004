package io.delivery.proof;

import io.delivery.proof.ProofRecord.Fate;
import io.delivery.proof.ProofRecord.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** The streams of a proof: what they are sent and what becomes of it. */
enum ProofStream {
    /** Lines as they come, some long, in objects that are uploaded in parts. Nothing fails. */
    LINES(0, 10, 60) {
        @Override
        ProofRecord record(String id, SplittableRandom random) {
            int pad = random.nextInt(6) == 0 ? random.nextInt(100_000) : random.nextInt(2_000);
            byte[] line = utf8(json(id, 0, "", text(random, pad)));
            return new ProofRecord(line, List.of(new Part(line, "", List.of(), Fate.LANDS)));
        }

        @Override
        String yaml(String store, String bucket, String root) {
            return """
              lines:
                buffer: {size: 6MB, interval: 20s, lowLatency: true}
                format: {raw: {delimiter: lines}}
                destination:
                  store: %s
                  bucket: %s
                  prefix: %smain/lines/
                  errorPrefix: %serrors/lines/!{firehose:error-output-type}/
            """
                    .formatted(store, bucket, root, root);
        }

        @Override
        boolean hasBackup() {
            return false;
        }
    },

    /**
     * Several JSON objects in a record, partitioned by jq, gzipped, with a backup. Some parts have
     * no key, some records are no JSON.
     */
    CLICKS(1, 25, 15) {
        @Override
        ProofRecord record(String id, SplittableRandom random) {
            int count = random.nextInt(5) == 0 ? 2 + random.nextInt(4) : 1;
            List<Part> parts = new ArrayList<>();
            StringBuilder all = new StringBuilder();
            for (int part = 0; part < count; part++) {
                boolean fails = random.nextInt(40) == 0;
                // Most go to one partition, so that it is closed by size as well.
                String key = "k" + (random.nextInt(3) > 0 ? 0 : random.nextInt(12));
                String member = fails ? "" : "\"key\":\"" + key + "\",";
                String text = json(id, part, member, text(random, random.nextInt(600)));
                all.append(text);
                parts.add(new Part(utf8(text), "k=" + key + "/", List.of(), fate(fails)));
            }
            if (random.nextInt(100) == 0) {
                // Not JSON any more: never split, its only part fails.
                byte[] cut = utf8(all.substring(0, all.length() - 1));
                return new ProofRecord(cut, List.of(new Part(cut, "", List.of(), Fate.FAILS)));
            }
            return new ProofRecord(utf8(all.toString()), List.copyOf(parts));
        }

        @Override
        String yaml(String store, String bucket, String root) {
            return """
              clicks:
                buffer: {size: 1MB, interval: 1s, lowLatency: true}
                split: json
                partitioning: {query: '{k: .key}'}
                format: {raw: {delimiter: lines}}
                destination:
                  store: %s
                  bucket: %s
                  prefix: %smain/clicks/k=!{partitionKeyFromQuery:k}/
                  errorPrefix: %serrors/clicks/!{firehose:error-output-type}/
                  compression: gzip
            """
                            .formatted(store, bucket, root, root)
                    + backup("clicks", store, bucket, root, 2);
        }
    },

    /**
     * Rows of Parquet, partitioned by jq, with a backup. Some have no key, some do not fit their
     * column, some are no JSON.
     */
    ROWS(2, 25, 15) {
        @Override
        ProofRecord record(String id, SplittableRandom random) {
            String key = String.valueOf((char) ('a' + random.nextInt(4)));
            boolean withoutKey = random.nextInt(80) == 0;
            boolean misfit = random.nextInt(80) == 0;
            boolean cut = random.nextInt(150) == 0;
            String number = misfit ? "\"soon\"" : Long.toString(random.nextLong() >> 8);
            String pad = text(random, random.nextInt(400));
            String members = (withoutKey ? "" : "\"k\":\"" + key + "\",") + "\"n\":" + number + ",";
            byte[] text = utf8(json(id, 0, members, pad));
            byte[] bytes = cut ? Arrays.copyOf(text, text.length - 1) : text;
            List<String> columns =
                    List.of(id, "0", key, number, pad, Long.toString(sum(id, 0, pad)));
            return new ProofRecord(
                    bytes,
                    List.of(
                            new Part(
                                    bytes,
                                    "k=" + key + "/",
                                    columns,
                                    fate(withoutKey || misfit || cut))));
        }

        @Override
        String yaml(String store, String bucket, String root) {
            return """
              rows:
                buffer: {size: 1MB, interval: 2s, lowLatency: true}
                partitioning: {query: '{k: .k}'}
                format:
                  parquet: {compression: snappy}
                  schema: {table: proof.rows}
                destination:
                  store: %s
                  bucket: %s
                  prefix: %smain/rows/k=!{partitionKeyFromQuery:k}/
                  errorPrefix: %serrors/rows/!{firehose:error-output-type}/
            """
                            .formatted(store, bucket, root, root)
                    + backup("rows", store, bucket, root, 3);
        }

        @Override
        List<String> columns() {
            return List.of("id", "part", "k", "n", "pad", "sum");
        }
    },

    /**
     * Rows of Parquet that a function has made, with a backup: it adds a nonce and gives a
     * partition key, beside the one of jq, and both are others each time it is asked. It drops some
     * records and fails some; some have no key, some do not fit their column, some are no JSON.
     */
    FUNCTIONS(3, 25, 25) {
        @Override
        ProofRecord record(String id, SplittableRandom random) {
            String key = String.valueOf((char) ('a' + random.nextInt(3)));
            boolean withoutKey = random.nextInt(80) == 0;
            boolean cut = random.nextInt(150) == 0;
            String wanted = WANTED.get(random.nextInt(WANTED.size()));
            String number = wanted.equals("misfit") ? "\"soon\"" : "" + (random.nextLong() >> 8);
            String pad = text(random, random.nextInt(400));
            String members =
                    (withoutKey ? "" : "\"k\":\"" + key + "\",")
                            + "\"n\":%s,\"fate\":\"%s\",".formatted(number, wanted);
            byte[] text = utf8(json(id, 0, members, pad));
            byte[] bytes = cut ? Arrays.copyOf(text, text.length - 1) : text;
            List<String> columns =
                    List.of(id, "0", key, number, wanted, pad, Long.toString(sum(id, 0, pad)));
            Fate fate = cut ? Fate.FAILS : fateOf(wanted, withoutKey);
            return new ProofRecord(
                    bytes, List.of(new Part(bytes, "k=" + key + "/", columns, fate)));
        }

        private static Fate fateOf(String wanted, boolean withoutKey) {
            return switch (wanted) {
                case "drop" -> Fate.DROPPED;
                case "waver" -> withoutKey ? Fate.FAILS : Fate.LANDS_OR_FAILS;
                case "keep" -> fate(withoutKey);
                case "misfit" -> withoutKey ? Fate.FAILS : Fate.FAILS_AS_MADE;
                default -> Fate.FAILS;
            };
        }

        @Override
        String yaml(String store, String bucket, String root) {
            return """
              functions:
                buffer: {size: 1MB, interval: 2s, lowLatency: true}
                processors:
                  - lambda: {function: %s, retries: 10, buffer: {size: 205KB, interval: 1s}}
                partitioning: {query: '{k: .k}'}
                format:
                  parquet: {compression: snappy}
                  schema: {table: proof.functions}
                destination:
                  store: %s
                  bucket: %s
                  prefix: %smain/functions/k=!{partitionKeyFromQuery:k}/s=!{partitionKeyFromLambda:shard}/
                  errorPrefix: %serrors/functions/!{firehose:error-output-type}/
            """
                            .formatted(ProofFunction.NAME, store, bucket, root, root)
                    + backup("functions", store, bucket, root, 3);
        }

        @Override
        List<String> columns() {
            return List.of("id", "part", "k", "n", "fate", "pad", "sum", "nonce");
        }

        /** The function adds its nonce and leaves the rest. */
        @Override
        boolean isRow(Part part, List<String> row) {
            int nonce = row.size() - 1;
            return part.columns().equals(row.subList(0, nonce))
                    && NONCE.matcher(String.valueOf(row.get(nonce))).matches();
        }

        /** The key that the same answer of the function gave, and no other answer. */
        @Override
        String partition(Part part, List<String> row) {
            String nonce = row.get(row.size() - 1);
            return "%ss=%d/".formatted(part.partition(), Character.digit(nonce.charAt(0), 16) % 3);
        }

        /**
         * A record that the function or its key has failed is as it was sent; one that does not fit
         * its column is as the function has made it.
         */
        @Override
        boolean isRaw(Part part, byte[] raw) {
            if (part.fate() != Fate.FAILS_AS_MADE) {
                return Arrays.equals(part.bytes(), raw);
            }
            int kept = part.bytes().length - 1;
            return raw.length > kept
                    && Arrays.equals(part.bytes(), 0, kept, raw, 0, kept)
                    && ADDED.matcher(
                                    new String(
                                            raw, kept, raw.length - kept, StandardCharsets.UTF_8))
                            .matches();
        }
    };

    /** What the records of {@link #FUNCTIONS} want of the function; most are kept. */
    private static final List<String> WANTED = wanted();

    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{16}");

    private static final Pattern ADDED = Pattern.compile(",\"nonce\":\"[0-9a-f]{16}\"}");

    /** The tables of the streams that land rows, by their names. */
    static final Map<String, String> TABLES =
            Map.of(
                    "rows",
                    """
                    columns:
                      - {name: id, type: string}
                      - {name: part, type: int}
                      - {name: k, type: string}
                      - {name: n, type: bigint}
                      - {name: pad, type: string}
                      - {name: sum, type: bigint}
                    """,
                    "functions",
                    """
                    columns:
                      - {name: id, type: string}
                      - {name: part, type: int}
                      - {name: k, type: string}
                      - {name: n, type: bigint}
                      - {name: fate, type: string}
                      - {name: pad, type: string}
                      - {name: sum, type: bigint}
                      - {name: nonce, type: string}
                    """);

    private final int number;
    private final int meanBatch;
    private final int pauseMillis;

    /**
     * @param number part of what a seed gives: another would make other records of it
     */
    ProofStream(int number, int meanBatch, int pauseMillis) {
        this.number = number;
        this.meanBatch = meanBatch;
        this.pauseMillis = pauseMillis;
    }

    /** Its name in the configuration. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    int number() {
        return number;
    }

    int meanBatch() {
        return meanBatch;
    }

    /** Between two calls of a thread. */
    int pauseMillis() {
        return pauseMillis;
    }

    boolean hasBackup() {
        return true;
    }

    /** Columns of its rows, those of {@link Part#columns} first; empty where there are no rows. */
    List<String> columns() {
        return List.of();
    }

    /** Whether this row is what becomes of the part. */
    boolean isRow(Part part, List<String> row) {
        return part.columns().equals(row);
    }

    /** The end of the prefix below which this row of the part belongs. */
    String partition(Part part, List<String> row) {
        return part.partition();
    }

    /** Whether the error output has the right bytes of a part that has failed. */
    boolean isRaw(Part part, byte[] raw) {
        return Arrays.equals(part.bytes(), raw);
    }

    /** Its section below {@code streams:}. */
    abstract String yaml(String store, String bucket, String root);

    /** The record of this id: the same at every call. */
    ProofRecord record(long seed, int thread, int recordNumber) {
        SplittableRandom random =
                new SplittableRandom(
                        seed * 0x9E3779B97F4A7C15L
                                + number * 0xC2B2AE3D27D4EB4FL
                                + thread * 0x165667B19E3779F9L
                                + recordNumber * 0x27D4EB2F165667C5L);
        return record(ProofRecord.text(thread, recordNumber), random);
    }

    abstract ProofRecord record(String id, SplittableRandom random);

    private static Fate fate(boolean fails) {
        return fails ? Fate.FAILS : Fate.LANDS;
    }

    private static List<String> wanted() {
        List<String> wanted = new ArrayList<>(Collections.nCopies(30, "keep"));
        wanted.addAll(List.of("drop", "drop", "drop", "fail", "misfit", "waver", "waver", "waver"));
        return List.copyOf(wanted);
    }

    private static String backup(
            String stream, String store, String bucket, String root, int seconds) {
        return """
                backup:
                  store: %s
                  bucket: %s
                  prefix: %sbackup/%s/
                  compression: gzip
                  delimiter: lines
                  buffer: {size: 1MB, interval: %ds, lowLatency: true}
            """
                .formatted(store, bucket, root, stream, seconds);
    }

    private static String json(String id, int part, String members, String pad) {
        return "{\"id\":\"%s\",\"part\":%d,%s\"pad\":\"%s\",\"sum\":%d}"
                .formatted(id, part, members, pad, sum(id, part, pad));
    }

    private static long sum(String id, int part, String pad) {
        return ProofRecord.checksum(utf8(id + "/" + part + "/" + pad));
    }

    /** Words of ASCII and beyond; nothing that JSON would escape. */
    private static String text(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            int word = random.nextInt();
            text.append(Integer.toString(word >>> 1, 36)).append((word & 31) == 0 ? '\u6f22' : ' ');
        }
        text.setLength(length);
        return text.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
