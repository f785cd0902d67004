package io.delivery.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.api.signing.Caller;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.ManualClock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PutOperationTest {
    private static final String ACCOUNT = "000000000000";

    private final AtomicInteger asked = new AtomicInteger();
    private final CompletableFuture<FrameMemory.Frame> noMemory = new CompletableFuture<>();

    /** May put into no stream; its refusal names the one that was meant. */
    private static final Caller READER =
            new Caller() {
                @Override
                public boolean mayUse(String action) {
                    return false;
                }

                @Override
                public void mustBeAllowed(String action) {
                    mustBeAllowed(action, "*");
                }

                @Override
                public void mustBeAllowed(String action, String stream) {
                    throw new ApiException("AccessDeniedException", 403, action + " " + stream);
                }
            };

    private CompletionStage<byte[]> put(PutOperation.Shape shape, Caller caller, String json) {
        return put(
                shape,
                caller,
                json,
                bytes -> {
                    asked.incrementAndGet();
                    return noMemory;
                });
    }

    private static CompletionStage<byte[]> put(
            PutOperation.Shape shape, Caller caller, String json, FrameMemory memory) {
        return new PutOperation(
                        shape,
                        FakeStream.among(new FakeStream("clicks")),
                        ACCOUNT,
                        memory,
                        new ManualClock(),
                        Runnable::run)
                .answer(FakeCall.of(caller, json));
    }

    @ParameterizedTest
    @EnumSource(PutOperation.Shape.class)
    void whoever_may_put_nowhere_is_refused_before_memory_is_asked_for(PutOperation.Shape shape) {
        assertThatThrownBy(() -> put(shape, READER, "{\"DeliveryStreamName\": \"clicks\"}"))
                .isInstanceOf(ApiException.class)
                .hasMessageEndingWith(" clicks");
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"DeliveryStreamName\": \"no name\"}", "[", "{\"a\": \\"})
    void a_body_without_a_name_is_refused_for_want_of_the_right_all_the_same(String body) {
        assertThatThrownBy(() -> put(PutOperation.Shape.RECORD, READER, body))
                .isInstanceOf(ApiException.class)
                .hasMessage("PutRecord *");
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(PutOperation.Shape.class)
    void a_defect_gives_the_memory_of_a_call_back(PutOperation.Shape shape) {
        AtomicInteger released = new AtomicInteger();
        FrameMemory.Frame defective =
                new FrameMemory.Frame() {
                    @Override
                    public RecordBatch.Builder builder() {
                        throw new StackOverflowError("a defect");
                    }

                    @Override
                    public void release() {
                        released.incrementAndGet();
                    }
                };

        CompletionStage<byte[]> answer =
                put(
                        shape,
                        Caller.ANYONE,
                        "{\"DeliveryStreamName\": \"clicks\"}",
                        bytes -> CompletableFuture.completedFuture(defective));

        assertThat(answer.toCompletableFuture()).isCompletedExceptionally();
        assertThat(released).hasValue(1);
    }

    @Test
    void whoever_may_put_waits_for_memory() {
        CompletionStage<byte[]> answer =
                put(PutOperation.Shape.RECORD, Caller.ANYONE, "{\"DeliveryStreamName\": \"a\"}");

        assertThat(asked).hasValue(1);
        assertThat(answer.toCompletableFuture()).isNotDone();
    }
}
