package io.delivery.testkit.simulation;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Stands before a store and asserts of each request what the landing protocol says: its object is
 * durably recorded with durable bytes, one attempt at a time is under way, and after an answer that
 * leaves the outcome open, or a restart, somebody looks before the same object is sent again.
 */
final class StoreWatch {
    private final DurableState durable;
    private final Counts counts;

    /** What may be there without anybody having looked since. */
    private final Set<ObjectName> unknown = new HashSet<>();

    private final Set<ObjectName> underWay = new HashSet<>();

    private AssertionError violation;

    StoreWatch(DurableState durable, Counts counts) {
        this.durable = durable;
        this.counts = counts;
    }

    /** A new process begins: whatever is recorded may have been sent by the one before. */
    ObjectStore open(ObjectStore store) throws IOException {
        underWay.clear();
        unknown.addAll(durable.recorded());
        return new Watched(store);
    }

    /** Names that were asked for and not answered. */
    Set<ObjectName> underWay() {
        return underWay;
    }

    /** Asserts that no request has violated the protocol. */
    void check() {
        if (violation != null) {
            throw violation;
        }
    }

    private void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            // Kept as well as thrown: a step of the program may take it for a defect of its own.
            violation = new AssertionError(otherwise.get());
            throw violation;
        }
    }

    private ObjectRecord recorded(String call, ObjectName name, ObjectAttributes attributes) {
        try {
            ObjectRecord object = durable.recorded(name);
            require(
                    object != null && object.attributes().equals(attributes),
                    () -> "%s %s was requested without its durable record".formatted(call, name));
            return object;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private final class Watched implements ObjectStore {
        private final ObjectStore store;

        Watched(ObjectStore store) {
            this.store = store;
        }

        @Override
        public CompletionStage<Landing> land(
                StagedContent content,
                ObjectName name,
                ObjectAttributes attributes,
                UploadListener uploads) {
            ObjectRecord object = recorded("PUT", name, attributes);
            try {
                require(
                        !durable.saidToHaveLanded(name),
                        () ->
                                "PUT "
                                        + name
                                        + " was requested, and it is durable that it has landed");
                require(
                        durable.staged(object),
                        () -> "PUT " + name + " was requested without its durable bytes");
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            require(
                    unknown.add(name),
                    () -> name + " may be there, and is sent again without a look before");
            require(underWay.add(name), () -> name + " is sent twice at a time");
            counts.add("requests: put");
            return store.land(content, name, attributes, uploads)
                    .whenComplete(
                            (landing, failure) -> {
                                if (failure instanceof SimulatedCrash) {
                                    return; // nobody is left to hear it
                                }
                                underWay.remove(name);
                                if (landing instanceof Landing.Denied) {
                                    unknown.remove(name);
                                }
                            });
        }

        @Override
        public CompletionStage<Found> find(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            if (!durable.everRecorded(name, attributes.mark())) { // else it may be void by now
                recorded("HEAD", name, attributes);
            }
            require(underWay.add(name), () -> name + " is looked for while it is being sent");
            counts.add("requests: look");
            return looked(name, store.find(name, attributes, content));
        }

        private CompletionStage<Found> looked(ObjectName name, CompletionStage<Found> answer) {
            return answer.whenComplete(
                    (found, failure) -> {
                        underWay.remove(name);
                        if (Found.ABSENT.equals(found) || Found.FORBIDDEN.equals(found)) {
                            unknown.remove(name);
                        }
                    });
        }

        @Override
        public CompletionStage<Found> readBack(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            recorded("GET", name, attributes);
            require(underWay.add(name), () -> name + " is read back while it is being sent");
            counts.add("requests: read back");
            return looked(name, store.readBack(name, attributes, content));
        }

        @Override
        public Duration requestLife(long bytes) {
            return store.requestLife(bytes);
        }

        @Override
        public CompletionStage<Void> abort(ObjectName name, String uploadId) {
            counts.add("requests: abort");
            return store.abort(name, uploadId);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
