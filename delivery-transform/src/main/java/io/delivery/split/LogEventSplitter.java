package io.delivery.split;

import io.delivery.config.Decompression.Messages;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import java.util.Objects;
import java.util.Optional;

/**
 * Decompresses what CloudWatch Logs sends to a subscription, takes the messages of its log events
 * out if it is asked to, and has the result split by another splitter if there is one: Firehose's
 * Decompression, CloudWatchLogProcessing and RecordDeAggregation, in this order.
 *
 * <p>With messages, a record becomes the messages of its log events, each followed by a line feed;
 * a CONTROL_MESSAGE becomes one part without bytes. Without, it becomes its envelope.
 *
 * <p>A record that is no gzip of such an envelope fails as a whole, with its compressed bytes; so
 * does one that would become more than 16 MiB, or more than 1 MiB and 250 times its own bytes.
 */
public final class LogEventSplitter implements RecordSplitter {
    /** Name and code version of decompression. */
    static final String GZIP = "gzip/1";

    /** Of message extraction, behind it. */
    static final String MESSAGES = "+messages/1";

    /** Before the identity of the splitter behind both. */
    static final String THEN = "+";

    private static final String CODE = "Decompression failed."; // with the dot: contract 5.6

    private static final Failure NOT_CONFORMING =
            new Failure(
                    Failure.Kind.DECOMPRESSION_FAILED,
                    CODE,
                    "Decompression failed because input data does not conform to cloudwatch log.");

    private static final Failure TOO_LARGE =
            new Failure(
                    Failure.Kind.DECOMPRESSION_FAILED,
                    CODE,
                    "Decompression failed because the data would be more than %d bytes, or more than %d bytes and %d times what was put."
                            .formatted(Gunzip.MOST_BYTES, Gunzip.ALWAYS_BYTES, Gunzip.MOST_TIMES));

    private static final byte[] NO_BYTES = {};

    private final Messages messages;
    private final Optional<RecordSplitter> then;
    private final String identity;
    private final Gunzip gunzip = new Gunzip();
    private final LogEnvelope envelope = new LogEnvelope();
    private final DeliveryRecord view = new DeliveryRecord();

    /**
     * @param then splits what comes of each record; empty when that stays one part
     */
    public LogEventSplitter(Messages messages, Optional<RecordSplitter> then) {
        this.messages = messages;
        this.then = then;
        this.identity =
                GZIP
                        + (messages == Messages.EXTRACTED ? MESSAGES : "")
                        + then.map(splitter -> THEN + splitter.identity()).orElse("");
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public void split(DeliveryRecord record, PartSink parts) {
        Objects.requireNonNull(parts, "parts");
        if (record.length() == 0) {
            parts.part(record.array(), record.offset(), 0);
            return;
        }
        try {
            Optional<Failure> failure = read(record);
            if (failure.isPresent()) {
                parts.failed(record.array(), record.offset(), record.length(), failure.get());
            } else {
                give(record.arrivalMillis(), parts);
            }
        } finally {
            // Large arrays live on with who took the parts, and no longer.
            gunzip.release();
            envelope.release();
            view.at(NO_BYTES, 0, 0, 0);
        }
    }

    private void give(long arrivalMillis, PartSink parts) {
        if (messages == Messages.EXTRACTED) {
            view.at(envelope.messages(), 0, envelope.length(), arrivalMillis);
        } else {
            view.at(gunzip.array(), 0, gunzip.length(), arrivalMillis);
        }
        if (then.isPresent()) {
            then.get().split(view, parts);
        } else {
            parts.part(view.array(), 0, view.length());
        }
    }

    /** Why it cannot be read. */
    private Optional<Failure> read(DeliveryRecord record) {
        try {
            gunzip.decompress(record.array(), record.offset(), record.length());
            envelope.read(gunzip.array(), gunzip.length());
            return Optional.empty();
        } catch (Gunzip.NotGzipException
                | LogEnvelope.NotAnEnvelopeException
                | RuntimeException notConforming) { // no record makes it throw
            return Optional.of(NOT_CONFORMING);
        } catch (Gunzip.TooLargeException tooLarge) {
            return Optional.of(TOO_LARGE);
        }
    }
}
