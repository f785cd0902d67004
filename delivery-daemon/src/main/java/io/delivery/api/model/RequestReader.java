package io.delivery.api.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.jackson.BoundedParsers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads requests of one operation: the bytes become a document that keeps every constraint of the
 * model. Members that are null are absent; members that the model does not know stay as they are.
 * Thread-safe.
 */
public final class RequestReader {
    /** As deep as the scanner of Put follows. */
    private static final int MAX_DEPTH = 100;

    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build();
    private static final ObjectMapper MAPPER =
            new ObjectMapper(JSON)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final Shape ANY_TEXT =
            new Shape.Text(
                    new Shape.Range(Optional.empty(), Optional.empty()),
                    Optional.empty(),
                    Set.of());

    private final Shape.Structure input;
    private final boolean refusesUnknown;

    private RequestReader(Shape.Structure input, boolean refusesUnknown) {
        this.input = input;
        this.refusesUnknown = refusesUnknown;
    }

    /**
     * Of an operation.
     *
     * @throws IllegalArgumentException when the model has no such operation
     */
    public static RequestReader of(ServiceModel model, String operation) {
        return new RequestReader(model.input(operation), false);
    }

    /** The same, but this member may be any text, whatever the model says. */
    public RequestReader withAnyText(String member) {
        Map<String, Shape.Member> members = new LinkedHashMap<>(input.members());
        members.put(member, () -> ANY_TEXT);
        return new RequestReader(new Shape.Structure(members, input.required()), refusesUnknown);
    }

    /** The same, but a member that the model does not have is an InvalidArgumentException. */
    public RequestReader refusingUnknown() {
        return new RequestReader(input, true);
    }

    /**
     * Reads a request.
     *
     * @throws ApiException SerializationException when it is no JSON, or a member has another type
     *     than the model says; ValidationException with every constraint that is broken
     */
    public ObjectNode read(byte[] body, int offset, int length) {
        JsonNode document = parse(body, offset, length);
        input.accept(new TypeCheck(document));
        Violations violations = new Violations();
        input.accept(new ConstraintCheck(document, "", violations));
        violations.check();
        if (refusesUnknown) {
            input.accept(new UnknownMemberCheck(document, ""));
        }
        return (ObjectNode) document;
    }

    private static JsonNode parse(byte[] body, int offset, int length) {
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(body, offset, length))
                            .toString();
            JsonNode document = tree(text);
            if (document == null || document.isMissingNode()) {
                throw ApiException.serialization("Unexpected end of the document");
            }
            return document;
        } catch (CharacterCodingException noText) {
            throw ApiException.serialization("Not UTF-8");
        } catch (JsonProcessingException noJson) {
            throw ApiException.serialization("Not JSON");
        } catch (NumberFormatException beyond) {
            // Jackson's answer to an exponent that no BigDecimal has, such as 1e99999999999.
            throw ApiException.serialization("A number is out of range");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // of a text: never
        }
    }

    private static JsonNode tree(String text) throws IOException {
        try (JsonParser json = BoundedParsers.once(JSON, text)) {
            return MAPPER.readTree(json);
        }
    }
}
