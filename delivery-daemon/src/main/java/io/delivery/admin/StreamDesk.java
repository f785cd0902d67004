package io.delivery.admin;

import io.delivery.landing.Diversion;
import io.delivery.landing.DiversionAnswer;
import io.delivery.stream.StreamStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The streams as an operator sees them. Thread-safe. */
public interface StreamDesk {
    /** What all streams look like now, in alphabetical order. */
    List<StreamStatus> all();

    /** What one stream looks like now; empty when there is none of this name. */
    Optional<StreamStatus> status(String stream);

    /**
     * Lands everything accepted so far. The stage completes when it is settled.
     *
     * @return empty when there is no stream of this name
     */
    Optional<CompletionStage<Void>> flush(String stream);

    /**
     * Leads objects of a stream that do not land elsewhere. The stage completes with what was done
     * with each, once that is durable; with none when no object that waits is of that name.
     *
     * @return empty when there is no stream of this name
     */
    Optional<CompletionStage<DiversionAnswer>> divert(String stream, Diversion diversion);

    /**
     * The function that a stream uses, as it is now for all streams that use it.
     *
     * @return empty when it uses none, and when nobody can tell
     */
    Optional<UsedFunction> function(String stream);

    /**
     * Fields of a stream's records that its table has no column for.
     *
     * @return empty when it converts nothing, and when nobody can tell
     */
    Optional<UnknownFieldTally> unknownFields(String stream);

    /** What is to be said of the service itself. */
    ServiceState service();

    /** Whether a store of this name is configured. */
    boolean hasStore(String name);

    /** Whether a stream lands in a bucket of this name. */
    boolean usesBucket(String bucket);
}
