package io.delivery.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.landing.DiversionAnswer;
import io.delivery.landing.Diverted;
import io.delivery.landing.Diverted.Outcome;
import io.delivery.landing.SkippedFolder;
import java.util.TreeMap;

/** What was done with objects that did not land, as JSON. */
final class DivertedJson {
    private DivertedJson() {}

    static ObjectNode of(DiversionAnswer diverted) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode objects = answer.putArray("objects");
        for (Diverted one : diverted.objects()) {
            ObjectNode object =
                    objects.addObject()
                            .put("lane", one.lane())
                            .put("object", one.object().store() + "/" + one.object().name())
                            .put("records", one.object().records())
                            .put("bytes", one.object().staged().length());
            put(object, one.outcome());
        }
        ArrayNode failures = answer.putArray("failures");
        new TreeMap<>(diverted.failures())
                .forEach(
                        (lane, reason) ->
                                failures.addObject().put("lane", lane).put("reason", reason));
        return answer;
    }

    private static void put(ObjectNode object, Outcome outcome) {
        if (outcome instanceof Outcome.Redirected redirected) {
            object.put("outcome", "redirected")
                    .put("to", redirected.store() + "/" + redirected.name());
        } else if (outcome instanceof Outcome.ToErrorOutput) {
            object.put("outcome", "errorOutput");
        } else if (outcome instanceof Outcome.ToLocalFolder kept) {
            object.put("outcome", "localFolder").put("to", SkippedFolder.NAME + "/" + kept.name());
        } else if (outcome instanceof Outcome.AsksFirst) {
            object.put("outcome", "asksFirst");
        } else if (outcome instanceof Outcome.Unchanged unchanged) {
            object.put("outcome", "unchanged").put("reason", unchanged.reason());
        } else {
            throw new IllegalStateException("an outcome that is not known: " + outcome);
        }
    }
}
