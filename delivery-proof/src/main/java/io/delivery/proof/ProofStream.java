package io.delivery.proof;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** The streams of a proof: what they are sent and what becomes of it. */
enum ProofStream {
    /** Lines as they come, some long, in objects that are uploaded in parts. Nothing fails. */
    LINES(0, 10, 60) {
        @Override
        ProofRecord record(String id, SplittableRandom random) {
            int pad = random.nextInt(6) == 0 ? random.nextInt(100_000) : random.nextInt(2_000);
            byte[] line = utf8(json(id, 0, "", text(random, pad)));
            return new ProofRecord(line, List.of(new ProofRecord.Part(line, "", List.of(), false)));
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
            List<ProofRecord.Part> parts = new ArrayList<>();
            StringBuilder all = new StringBuilder();
            for (int part = 0; part < count; part++) {
                boolean fails = random.nextInt(40) == 0;
                // Most go to one partition, so that it is closed by size as well.
                String key = "k" + (random.nextInt(3) > 0 ? 0 : random.nextInt(12));
                String member = fails ? "" : "\"key\":\"" + key + "\",";
                String text = json(id, part, member, text(random, random.nextInt(600)));
                all.append(text);
                parts.add(new ProofRecord.Part(utf8(text), "k=" + key + "/", List.of(), fails));
            }
            if (random.nextInt(100) == 0) {
                // Not JSON any more: never split, its only part fails.
                byte[] cut = utf8(all.substring(0, all.length() - 1));
                return new ProofRecord(
                        cut, List.of(new ProofRecord.Part(cut, "", List.of(), true)));
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
            byte[] bytes = cut ? java.util.Arrays.copyOf(text, text.length - 1) : text;
            List<String> columns =
                    List.of(id, "0", key, number, pad, Long.toString(sum(id, 0, pad)));
            return new ProofRecord(
                    bytes,
                    List.of(
                            new ProofRecord.Part(
                                    bytes,
                                    "k=" + key + "/",
                                    columns,
                                    withoutKey || misfit || cut)));
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
    };

    /** Columns of {@link #ROWS}, as {@link ProofRecord.Part#columns} has their values. */
    static final List<String> COLUMNS = List.of("id", "part", "k", "n", "pad", "sum");

    static final String TABLE =
            """
            columns:
              - {name: id, type: string}
              - {name: part, type: int}
              - {name: k, type: string}
              - {name: n, type: bigint}
              - {name: pad, type: string}
              - {name: sum, type: bigint}
            """;

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
