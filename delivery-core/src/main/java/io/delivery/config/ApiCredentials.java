package io.delivery.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A caller of the API and what it may do.
 *
 * @param sessionToken what its requests must carry beside their signature, as those of temporary
 *     credentials do; empty when they must not
 * @param actions names of operations, or patterns of names, with or without {@code firehose:}
 *     before them; at least one
 * @param streams names of streams, or patterns of names; at least one
 */
public record ApiCredentials(
        AccessKey key, Optional<Secret> sessionToken, List<Glob> actions, List<Glob> streams) {
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

    /** As policies of IAM write actions. */
    private static final String SERVICE = "firehose:";

    /** What goes into a header: base64 in practice; requests have 16 KiB for all of their head. */
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,8192}");

    public ApiCredentials {
        actions = List.copyOf(actions);
        streams = List.copyOf(streams);
    }

    /** May do everything, and has no session token. */
    public ApiCredentials(AccessKey key) {
        this(key, Optional.empty(), EVERYTHING, EVERYTHING);
    }

    /** Without a session token. */
    public ApiCredentials(AccessKey key, List<Glob> actions, List<Glob> streams) {
        this(key, Optional.empty(), actions, streams);
    }

    /** Whether this caller may use this operation on this stream. */
    public boolean allows(String action, String stream) {
        return allows(action) && streams.stream().anyMatch(s -> s.matches(stream));
    }

    /** Whether this caller may use an operation that is about no stream in particular. */
    public boolean allows(String action) {
        return actions.stream().anyMatch(a -> ofThisService(a).matches(action));
    }

    private static Glob ofThisService(Glob action) {
        return action.pattern().startsWith(SERVICE)
                ? new Glob(action.pattern().substring(SERVICE.length()))
                : action;
    }

    private void validate(String path, ConfigProblems problems) {
        key.validate(path, problems);
        if (sessionToken.filter(token -> !TOKEN.matcher(token.value()).matches()).isPresent()) {
            problems.add(
                    path + ".sessionToken",
                    "must be 1 to 8192 printable ASCII characters without blanks, as it goes into a header");
        }
        if (streams.isEmpty()) {
            problems.add(path + ".allow.streams", "must name at least one stream, or '*'");
        }
        if (actions.isEmpty()) {
            problems.add(path + ".allow.actions", "must name at least one operation, or '*'");
        }
        for (int i = 0; i < actions.size(); i++) {
            Glob action = actions.get(i);
            Glob named = ofThisService(action);
            if (OPERATIONS.stream().noneMatch(named::matches)) {
                problems.add(
                        "%s.allow.actions[%d]".formatted(path, i),
                        "must match an operation of the API (%s), was %s%s"
                                .formatted(
                                        String.join(", ", OPERATIONS),
                                        action,
                                        Suggestion.ask(named.pattern(), OPERATIONS)));
            }
        }
    }

    /**
     * Reports what is wrong with callers that are listed together.
     *
     * @param path of the list; each of them is at {@code path[i]}
     */
    public static void validate(
            List<ApiCredentials> callers, String path, ConfigProblems problems) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < callers.size(); i++) {
            String at = "%s[%d]".formatted(path, i);
            callers.get(i).validate(at, problems);
            String id = callers.get(i).key().accessKeyId();
            Integer before = seen.putIfAbsent(id, i);
            if (before != null) {
                problems.add(
                        at + ".accessKeyId",
                        "must be given once, was %s as in %s[%d]".formatted(id, path, before));
            }
        }
    }
}
