package io.delivery.imports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells from a file's text what it is, and has it read. */
final class SourceFiles {
    private static final int MOST_LEVELS = 100;

    /** Of one file: each has a stream, or a line that says why it has none. */
    private static final int MOST_DOCUMENTS = 10_000;

    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MOST_LEVELS).build())
                    .build();
    private static final ObjectMapper MAPPER =
            new ObjectMapper(JSON).enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private SourceFiles() {}

    /** What a file says; what is wrong with it is a finding. */
    static Source read(ImportFile file) {
        try {
            String text = text(file);
            Source source = source(file.name(), text);
            return source.streams().isEmpty() && source.findings().isEmpty()
                    ? Source.refused(file.name(), "has no delivery stream")
                    : source;
        } catch (MisfitException refused) {
            return new Source(List.of(), List.of(refused.finding()));
        }
    }

    private static String text(ImportFile file) throws MisfitException {
        byte[] bytes = file.content();
        String text;
        try {
            text = charset(bytes).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException noText) {
            throw new MisfitException(file.name(), "is not text in UTF-8");
        }
        if (text.indexOf('\0') >= 0) {
            throw new MisfitException(file.name(), "is not text: it has the character NUL");
        }
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (plain.isBlank()) {
            throw new MisfitException(file.name(), "is empty");
        }
        return plain;
    }

    /** PowerShell writes UTF-16 with a mark where it redirects what a program prints. */
    private static Charset charset(byte[] bytes) {
        boolean marked =
                bytes.length >= 2
                        && ((bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xFF) == 0xFE
                                || (bytes[0] & 0xFF) == 0xFE && (bytes[1] & 0xFF) == 0xFF);
        return marked ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }

    private static Source source(String name, String text) throws MisfitException {
        if (name.endsWith(".tf")) {
            return TerraformCode.read(text, name);
        }
        char first = text.stripLeading().charAt(0);
        if (first == '{' || first == '[') {
            return json(name, text);
        }
        JsonNode template = TemplateYaml.read(text, name);
        if (!CloudFormation.isTemplate(template)) {
            throw new MisfitException(
                    name,
                    "is neither JSON nor a template of CloudFormation in YAML, which has Resources; the name of Terraform code ends in .tf");
        }
        return CloudFormation.read(template, name);
    }

    /** One document, a list of them, or several behind each other. */
    private static Source json(String name, String text) throws MisfitException {
        List<Source> all = new ArrayList<>();
        try (JsonParser parser = MAPPER.createParser(text)) {
            for (int number = 1; parser.nextToken() != null; number++) {
                JsonNode next = MAPPER.readTree(parser);
                String place = number == 1 ? name : "%s, document %d".formatted(name, number);
                int elements = next.isArray() ? next.size() : 1;
                if (all.size() + elements > MOST_DOCUMENTS) {
                    throw new MisfitException(
                            name, "has more than %d documents".formatted(MOST_DOCUMENTS));
                }
                if (next.isArray()) {
                    for (int i = 0; i < elements; i++) {
                        String at = "%s, element %d".formatted(place, i + 1);
                        all.add(document(next.get(i), at, name));
                    }
                } else {
                    all.add(document(next, place, name));
                }
            }
        } catch (JsonProcessingException refused) {
            int line = refused.getLocation() == null ? 0 : refused.getLocation().getLineNr();
            throw new MisfitException(
                    name, "is not JSON: line %d: %s".formatted(line, refused.getOriginalMessage()));
        } catch (NumberFormatException beyond) { // an exponent that no BigDecimal has
            throw new MisfitException(name, "has a number that is out of range");
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible); // it is read from memory
        }
        return Source.of(all);
    }

    private static Source document(JsonNode document, String place, String file) {
        Optional<SourceStream> stream = ApiDocuments.read(document, place, file);
        if (stream.isPresent()) {
            return new Source(List.of(stream.get()), List.of());
        }
        if (CloudFormation.isTemplate(document)) {
            return CloudFormation.read(document, place);
        }
        if (TerraformJson.isShown(document)) {
            return TerraformJson.shown(document, place);
        }
        if (TerraformJson.isStateFile(document)) {
            return Source.refused(
                    place,
                    "is a state file of Terraform: import what terraform show -json says of it");
        }
        if (TerraformJson.isConfiguration(document)) {
            return TerraformJson.configuration(document, place);
        }
        if (ApiDocuments.isList(document)) {
            return Source.refused(
                    place,
                    "has names only: import what describe-delivery-stream says of each of them");
        }
        return Source.refused(
                place,
                "is none of: a reply of describe-delivery-stream, a request of create-delivery-stream, a template of CloudFormation, terraform show -json, .tf.json");
    }
}
