package io.delivery.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.model.ServiceModel;
import io.delivery.api.model.Shape;
import java.util.Set;

/**
 * Shows a stream's destination as Describe does: everything as it was given, completed by the
 * defaults, in both forms. Which members each form has the model says; secrets have none.
 */
public final class ApiDescription {
    private final Set<String> s3;
    private final Set<String> extendedS3;

    public ApiDescription(ServiceModel model) {
        this.s3 = members(model, "S3DestinationDescription");
        this.extendedS3 = members(model, "ExtendedS3DestinationDescription");
    }

    private static Set<String> members(ServiceModel model, String shape) {
        return ((Shape.Structure) model.shape(shape)).members().keySet();
    }

    /**
     * Fills the descriptions of the destination.
     *
     * @param out an element of Destinations
     */
    public void describe(ApiDefinition definition, ObjectNode out) {
        JsonNode destination = definition.destination();
        fill(out.putObject("S3DestinationDescription"), destination, s3);
        ObjectNode extended = out.putObject("ExtendedS3DestinationDescription");
        fill(extended, destination, extendedS3);
        JsonNode backup = destination.get("S3BackupConfiguration");
        if (backup != null) {
            extended.set("S3BackupDescription", backup);
        }
    }

    private static void fill(ObjectNode out, JsonNode from, Set<String> members) {
        for (String member : members) {
            JsonNode value = from.get(member);
            if (value != null) {
                out.set(member, value);
            }
        }
    }
}
