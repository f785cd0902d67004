package io.delivery.api;

import io.delivery.config.ConfigProblems.Problem;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.format.JsonSerDe;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Whether what a definition names is there, outside of this process. Stages complete, some time
 * later, whatever others do; only a defect of the program fails them. Thread-safe.
 */
public interface Outside {
    /**
     * Whether a bucket is certainly not there, and will not be made when the first object lands;
     * false when its store does not answer soon.
     */
    CompletionStage<Boolean> isMissing(String store, String bucket);

    /**
     * Why a table is certainly not there or of no use; empty when it is, or when nobody can tell.
     */
    CompletionStage<Optional<String>> whyNoTable(SchemaReference table);

    /**
     * Which settings certainly do not go with the table that they convert to; empty when all do, or
     * when nobody can tell.
     *
     * @return problems with paths that begin with {@code stream}
     */
    CompletionStage<List<Problem>> misfits(FormatSettings.Converted format);

    /** How a table has its records read; the default while nobody can tell. */
    CompletionStage<JsonSerDe> serde(SchemaReference table);
}
