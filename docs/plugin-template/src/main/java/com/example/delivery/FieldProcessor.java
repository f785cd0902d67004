package com.example.delivery;

import io.delivery.partition.PartitionKeys;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Adds a field to each JSON object, and gives its value as a partition key. A record without text
 * is dropped; one that is no JSON object has failed.
 */
final class FieldProcessor implements Processor {
    private final String field;
    private final PartitionKeys keys;
    private volatile boolean closed;

    FieldProcessor(String name, String value) {
        String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"");
        this.field = "\"%s\":\"%s\"".formatted(name, quoted);
        this.keys = new PartitionKeys(Map.of(), Map.of(name, value));
    }

    @Override
    public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("it was closed"));
        }
        // One outcome per record, in their order. Whoever needs longer completes the stage later.
        return CompletableFuture.completedFuture(records.stream().map(this::outcome).toList());
    }

    private Outcome outcome(SequencedRecord record) {
        String text = record.toUtf8().strip();
        if (text.isEmpty()) {
            return new Outcome.Dropped();
        }
        if (!text.startsWith("{") || !text.endsWith("}")) {
            return new Outcome.ProcessingFailed(
                    new Failure(
                            Failure.Kind.PROCESSING_FAILED,
                            "Example.NotAnObject",
                            "The record is no JSON object"));
        }
        String rest = text.substring(1).stripLeading();
        String all = "{" + field + (rest.equals("}") ? "" : ",") + rest;
        return new Outcome.Ok(all.getBytes(StandardCharsets.UTF_8), keys);
    }

    @Override
    public void close() {
        closed = true;
    }
}
