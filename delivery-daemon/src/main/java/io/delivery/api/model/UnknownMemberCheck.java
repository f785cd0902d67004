package io.delivery.api.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.api.ApiException;
import java.util.Map;

/** Refuses the first member that the model does not have. Types have been checked. */
final class UnknownMemberCheck implements Shape.Visitor<Void> {
    private final JsonNode value;
    private final String path;

    /**
     * @param path of the value, with a dot behind it; empty for the request
     */
    UnknownMemberCheck(JsonNode value, String path) {
        this.value = value;
        this.path = path;
    }

    @Override
    public Void structure(Shape.Structure shape) {
        for (Map.Entry<String, JsonNode> given : value.properties()) {
            Shape.Member member = shape.members().get(given.getKey());
            if (member == null) {
                throw ApiException.invalidArgument(
                        "%s%s is no member that this version of the API has."
                                .formatted(path, given.getKey()));
            }
            String at = path + given.getKey() + ".";
            member.shape().accept(new UnknownMemberCheck(given.getValue(), at));
        }
        return null;
    }

    @Override
    public Void list(Shape.ListOf shape) {
        value.forEach(each -> shape.element().shape().accept(new UnknownMemberCheck(each, path)));
        return null;
    }

    /** Its keys are the caller's, and its values are texts. */
    @Override
    public Void map(Shape.MapOf shape) {
        return null;
    }

    @Override
    public Void text(Shape.Text shape) {
        return null;
    }

    @Override
    public Void number(Shape.NumberShape shape) {
        return null;
    }

    @Override
    public Void flag(Shape.Flag shape) {
        return null;
    }

    @Override
    public Void blob(Shape.Blob shape) {
        return null;
    }
}
