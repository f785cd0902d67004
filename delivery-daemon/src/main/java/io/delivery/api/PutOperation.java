package io.delivery.api;

import io.delivery.api.codec.PutReply;
import io.delivery.api.codec.PutRequest;
import io.delivery.api.quota.StreamQuota;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.stream.StreamPhase;
import io.delivery.stream.ThrottledException;
import io.delivery.world.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * PutRecord and PutRecordBatch: decodes the request straight into one frame and answers when the
 * frame is durable. The records of one call are accepted or refused together, but for a quota: it
 * lets the first ones of a batch pass and refuses the rest one by one; a call of which nothing
 * passes is refused as a whole (contract, section 1.13).
 */
final class PutOperation implements Operation {
    private final Shape shape;
    private final Streams streams;
    private final String account;
    private final FrameMemory memory;
    private final Clock clock;
    private final Executor executor;

    /** The two operations differ in how a call is read and how it is answered. */
    enum Shape {
        RECORD("PutRecord") {
            @Override
            PutRequest read(Call call, RecordBatch.Builder frame) {
                return PutRequest.readRecord(call.body(), 0, call.length(), frame);
            }

            @Override
            byte[] reply(AcceptedBatch accepted, int refused) {
                return PutReply.record(accepted);
            }
        },
        BATCH("PutRecordBatch") {
            @Override
            PutRequest read(Call call, RecordBatch.Builder frame) {
                return PutRequest.readBatch(call.body(), 0, call.length(), frame);
            }

            @Override
            byte[] reply(AcceptedBatch accepted, int refused) {
                return PutReply.batch(accepted, refused);
            }
        };

        private final String operation;

        Shape(String operation) {
            this.operation = operation;
        }

        abstract PutRequest read(Call call, RecordBatch.Builder frame);

        /**
         * @param refused records behind those that were accepted
         */
        abstract byte[] reply(AcceptedBatch accepted, int refused);
    }

    /**
     * @param executor where replies are written: not on the thread that made the records durable,
     *     which has the next group to write
     */
    PutOperation(
            Shape shape,
            Streams streams,
            String account,
            FrameMemory memory,
            Clock clock,
            Executor executor) {
        this.shape = shape;
        this.streams = streams;
        this.account = account;
        this.memory = memory;
        this.clock = clock;
        this.executor = executor;
    }

    @Override
    public String name() {
        return shape.operation;
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        refuseWhoMayPutNowhere(call);
        return memory.acquire(PutRequest.frameBytes(call.length()))
                .thenCompose(frame -> accept(call, frame));
    }

    /** Before it takes memory that producers wait for. */
    private void refuseWhoMayPutNowhere(Call call) {
        if (!call.caller().mayUse(name())) {
            String stream = PutRequest.lookForStreamName(call.body(), 0, call.length()).orElse("*");
            call.caller().mustBeAllowed(name(), stream);
        }
    }

    private CompletionStage<byte[]> accept(Call call, FrameMemory.Frame frame) {
        CompletionStage<AcceptedBatch> accepted;
        int refused = 0;
        Runnable giveBack = () -> {};
        try {
            PutRequest request = shape.read(call, frame.builder());
            call.releaseBody();
            StreamDoor stream = find(call, request.streamName());
            request.checkSize();
            RecordBatch all = frame.builder().build(clock.millis());
            StreamQuota quota = stream.quota();
            int admitted = quota.admit(all, clock.nanoTime());
            if (admitted == 0) {
                throw ApiException.slowDown();
            }
            refused = all.count() - admitted;
            giveBack = () -> quota.giveBack(all, admitted);
            accepted = stream.accept(refused == 0 ? all : all.first(admitted));
        } catch (RuntimeException | Error refusal) { // nobody else would release the frame
            accepted = CompletableFuture.failedFuture(refusal);
        }
        int refusedByQuota = refused;
        Runnable unspent = giveBack;
        return accepted.handleAsync(
                (batch, failure) -> {
                    try {
                        if (failure != null) {
                            unspent.run(); // it reads the frame
                        }
                    } finally {
                        frame.release();
                    }
                    if (failure != null) {
                        throw new CompletionException(inTheContractsWords(failure));
                    }
                    return shape.reply(batch, refusedByQuota);
                },
                executor);
    }

    private StreamDoor find(Call call, String stream) {
        call.caller().mustBeAllowed(name(), stream);
        StreamDoor found = streams.require(stream, account);
        StreamPhase phase = found.status().phase();
        if (phase == StreamPhase.CREATING || phase == StreamPhase.DELETING) {
            throw ApiException.streamNotActive(stream, account);
        }
        return found;
    }

    private static Throwable inTheContractsWords(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof ThrottledException ? ApiException.slowDown() : cause;
    }
}
