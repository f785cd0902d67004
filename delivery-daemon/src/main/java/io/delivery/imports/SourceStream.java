package io.delivery.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * A stream as a source says it.
 *
 * @param name what it is called here
 * @param place where it stands: file and path in it
 * @param request a CreateDeliveryStream in the source's spelling; values may be {@link Template}s
 * @param spelling how members are written
 * @param written how the place of a member is written where it differs from its name in the request
 * @param region where the stream is
 * @param scope of the templates: within it the same expression has the same value
 * @param findings what there is to say of it already
 */
record SourceStream(
        String name,
        String place,
        ObjectNode request,
        Spelling spelling,
        Map<String, String> written,
        Template region,
        String scope,
        List<Finding> findings) {
    /** A region of which the source says nothing. */
    static final Template SOMEWHERE = Template.of("region");

    SourceStream {
        written = Map.copyOf(written);
        findings = List.copyOf(findings);
    }

    /** How a source writes the names of members. */
    enum Spelling {
        /** As the API: {@code RoleARN}. */
        API,
        /** As Terraform: {@code role_arn}; a structure is a block, which may be in a list. */
        SNAKE
    }
}
