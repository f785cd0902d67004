package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The parameters of a destination's processors that name a function: LambdaArn. */
final class LambdaParameters {
    private LambdaParameters() {}

    /** In their order; what is their ParameterValue may be replaced. */
    static List<ObjectNode> of(JsonNode destination) {
        List<ObjectNode> found = new ArrayList<>();
        for (JsonNode processor : destination.path("ProcessingConfiguration").path("Processors")) {
            for (JsonNode parameter : processor.path("Parameters")) {
                if (parameter.path("ParameterName").asText().equals("LambdaArn")) {
                    found.add((ObjectNode) parameter);
                }
            }
        }
        return found;
    }
}
