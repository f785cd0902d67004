package io.delivery.config;

import java.util.List;

/**
 * A caller of the API and what it may do.
 *
 * @param actions names of operations, or patterns of names; at least one
 * @param streams names of streams, or patterns of names; at least one
 */
public record ApiCredentials(AccessKey key, List<Glob> actions, List<Glob> streams) {
    /** The operations of the API: API reference, Actions. */
    public static final List<String> OPERATIONS =
            List.of(
                    "CreateDeliveryStream",
                    "DeleteDeliveryStream",
                    "DescribeDeliveryStream",
                    "ListDeliveryStreams",
                    "ListTagsForDeliveryStream",
                    "PutRecord",
                    "PutRecordBatch",
                    "StartDeliveryStreamEncryption",
                    "StopDeliveryStreamEncryption",
                    "TagDeliveryStream",
                    "UntagDeliveryStream",
                    "UpdateDestination");

    /** What a caller may do, and on which streams, when nothing is said. */
    public static final List<Glob> EVERYTHING = List.of(Glob.ANY);

    public ApiCredentials {
        actions = List.copyOf(actions);
        streams = List.copyOf(streams);
    }

    /** Whether this caller may use this operation on this stream. */
    public boolean allows(String action, String stream) {
        return allows(action) && streams.stream().anyMatch(s -> s.matches(stream));
    }

    /** Whether this caller may use an operation that is about no stream in particular. */
    public boolean allows(String action) {
        return actions.stream().anyMatch(a -> a.matches(action));
    }

    void validate(String path, ConfigProblems problems) {
        key.validate(path, problems);
        if (streams.isEmpty()) {
            problems.add(path + ".allow.streams", "must name at least one stream, or '*'");
        }
        if (actions.isEmpty()) {
            problems.add(path + ".allow.actions", "must name at least one operation, or '*'");
        }
        for (int i = 0; i < actions.size(); i++) {
            Glob action = actions.get(i);
            if (OPERATIONS.stream().noneMatch(action::matches)) {
                problems.add(
                        "%s.allow.actions[%d]".formatted(path, i),
                        "must match an operation of the API (%s), was %s"
                                .formatted(String.join(", ", OPERATIONS), action));
            }
        }
    }
}
