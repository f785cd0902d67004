package io.delivery.testkit;

import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a processor that answers at once makes of a record, as text. */
public final class Outcomes {
    private Outcomes() {}

    /** The bytes as text; {@code dropped}; or the code and message of the failure. */
    public static String of(Processor processor, byte[] record) {
        SequencedRecord view = new SequencedRecord().at(0, 0, true, record, 0, record.length, 0);
        Outcome outcome =
                processor.process(List.of(view)).toCompletableFuture().getNow(List.of()).get(0);
        if (outcome instanceof Outcome.Ok ok) {
            return new String(ok.data(), StandardCharsets.UTF_8);
        }
        if (outcome instanceof Outcome.ProcessingFailed failed) {
            return failed.failure().code() + ": " + failed.failure().message();
        }
        return "dropped";
    }

    /** Of a record that is this text. */
    public static String of(Processor processor, String record) {
        return of(processor, record.getBytes(StandardCharsets.UTF_8));
    }
}
