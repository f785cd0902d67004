package io.delivery.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.landing.Diversion;
import io.delivery.landing.Diversion.LocalFolder;
import io.delivery.landing.Diversion.Looks;
import io.delivery.landing.Diversion.Way;
import io.delivery.landing.Diversion.Which;
import io.delivery.record.PrintableText;
import java.io.IOException;
import java.util.Iterator;
import java.util.Set;

/**
 * The body of a redirect or a skip, JSON: {@code object} or {@code bucket}, for a redirect {@code
 * to}; {@code notThere} and, for a skip, {@code localFolder} are true or left out.
 */
final class DivertRequest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String OBJECT = "object";
    private static final String BUCKET = "bucket";
    private static final String TO = "to";
    private static final String NOT_THERE = "notThere";
    private static final String LOCAL_FOLDER = "localFolder";

    private DivertRequest() {}

    /** A request that cannot be understood; the message says what is wrong. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Objects are to land under other keys. */
    static Diversion redirect(byte[] body, StreamDesk streams) throws RefusedException {
        JsonNode request = parsed(body, Set.of(OBJECT, BUCKET, TO, NOT_THERE));
        return new Diversion(
                which(request), place(text(request, TO), streams), looks(flag(request, NOT_THERE)));
    }

    /** Objects are to land nowhere. */
    static Diversion skip(byte[] body) throws RefusedException {
        JsonNode request = parsed(body, Set.of(OBJECT, BUCKET, NOT_THERE, LOCAL_FOLDER));
        LocalFolder folder =
                flag(request, LOCAL_FOLDER) ? LocalFolder.ALLOWED : LocalFolder.ASKS_FIRST;
        return new Diversion(which(request), new Way.Skip(folder), looks(flag(request, NOT_THERE)));
    }

    private static JsonNode parsed(byte[] body, Set<String> members) throws RefusedException {
        JsonNode request;
        try {
            request = JSON.readTree(body);
        } catch (JsonProcessingException unreadable) {
            throw new RefusedException("The body is no JSON: " + unreadable.getOriginalMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        if (request == null || !request.isObject()) {
            throw new RefusedException("The body must be a JSON object");
        }
        for (Iterator<String> names = request.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!members.contains(name)) {
                throw new RefusedException(
                        "%s is unknown here; there are %s"
                                .formatted(
                                        PrintableText.of(name),
                                        String.join(", ", members.stream().sorted().toList())));
            }
        }
        return request;
    }

    private static Which which(JsonNode request) throws RefusedException {
        if (request.has(OBJECT) == request.has(BUCKET)) {
            throw new RefusedException("Name an object or a bucket: one of them");
        }
        return request.has(OBJECT)
                ? new Which.Key(text(request, OBJECT))
                : new Which.Bucket(text(request, BUCKET));
    }

    /**
     * {@code [STORE/]BUCKET[/PREFIX]}. The first step is a store when one of that name is
     * configured and a bucket follows; otherwise it is a bucket, and must be one that is known
     * where it could be a mistyped store.
     */
    private static Way.Redirect place(String to, StreamDesk streams) throws RefusedException {
        String[] steps = to.split("/", 3);
        if (steps[0].isEmpty() || steps.length > 1 && steps[1].isEmpty()) {
            throw new RefusedException("to must be [STORE/]BUCKET[/PREFIX]");
        }
        if (steps.length == 1) {
            return new Way.Redirect("", steps[0], "");
        }
        if (streams.hasStore(steps[0])) {
            return new Way.Redirect(steps[0], steps[1], steps.length == 3 ? steps[2] : "");
        }
        if (!streams.usesBucket(steps[0])) {
            throw new RefusedException(
                    "%s is neither a configured store nor a bucket that a stream uses: to a bucket of that name write STORE/%s"
                            .formatted(PrintableText.of(steps[0]), PrintableText.of(to)));
        }
        return new Way.Redirect("", steps[0], to.substring(steps[0].length() + 1));
    }

    private static Looks looks(boolean notThere) {
        return notThere ? Looks.MAY_BE_FORBIDDEN : Looks.MUST_NOT_SEE_IT;
    }

    private static String text(JsonNode request, String member) throws RefusedException {
        JsonNode value = request.path(member);
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw new RefusedException(member + " must be a text");
        }
        return value.asText();
    }

    private static boolean flag(JsonNode request, String member) throws RefusedException {
        JsonNode value = request.path(member);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new RefusedException(member + " must be true or false");
        }
        return value.asBoolean();
    }
}
