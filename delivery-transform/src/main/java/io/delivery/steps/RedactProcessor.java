package io.delivery.steps;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.Secret;
import io.delivery.jackson.BoundedParsers;
import io.delivery.processing.Outcome;
import io.delivery.processing.RecordProcessor;
import io.delivery.record.SequencedRecord;
import io.delivery.record.Utf8Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes or masks the values that the paths of its settings lead to, wherever they are in the JSON
 * of a record. Everything else stays byte for byte: white space, order, numbers as they are
 * written.
 *
 * <p>A masked value becomes {@code "***"}. A hashed one becomes the SHA-256, or with a key the
 * HMAC-SHA-256, in hexadecimal: of a string's text in UTF-8, of any other value's JSON as it is
 * written. A value that is both is masked; of a value and one within it, the outer one counts. A
 * path that leads nowhere does nothing, and a record that is empty or has only white space stays.
 *
 * <p>A record that is not JSON in UTF-8 fails with code {@code Processing.RedactFailed}: nobody can
 * tell what in it is to be redacted.
 */
public final class RedactProcessor extends RecordProcessor {
    private static final String CODE = "Processing.RedactFailed";
    private static final int MOST_NESTED = 1_000;
    private static final byte[] MASK = "\"***\"".getBytes(StandardCharsets.US_ASCII);

    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxNestingDepth(MOST_NESTED)
                                    .build())
                    .configure(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION, false)
                    .build();

    private final BoundedParsers parsers = new BoundedParsers(JSON);
    private final RedactedPaths paths;
    private final UnaryOperator<byte[]> hash;

    /**
     * @param settings without problems
     */
    public RedactProcessor(ProcessorSettings.Redact settings) {
        this.paths = RedactedPaths.of(settings);
        this.hash = hash(settings.key());
    }

    private static UnaryOperator<byte[]> hash(Optional<Secret> key) {
        try {
            if (key.isEmpty()) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                return digest::digest;
            }
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] bytes = key.get().value().getBytes(StandardCharsets.UTF_8);
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return mac::doFinal;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    @Override
    protected Outcome outcome(SequencedRecord record) {
        if (!Utf8Text.mayBeJson(record.array(), record.offset(), record.length())) {
            return failed(CODE, "the record is not JSON in UTF-8");
        }
        try (Redaction redaction = new Redaction(record)) {
            redaction.redact();
            return ok(redaction.out.toByteArray());
        } catch (StreamConstraintsException tooDeep) {
            return failed(CODE, "the record is nested deeper than " + MOST_NESTED);
        } catch (JsonProcessingException notJson) {
            JsonLocation place = notJson.getLocation();
            return failed(
                    CODE,
                    place == null || place.getByteOffset() < 0
                            ? "the record is not JSON"
                            : "the record is not JSON, at byte " + (place.getByteOffset() + 1));
        } catch (IOException notUtf8) {
            return failed(CODE, "the record is not JSON in UTF-8");
        }
    }

    /** One record, from left to right. */
    private final class Redaction implements AutoCloseable {
        private final SequencedRecord record;
        private final JsonParser parser;
        private final ByteArrayOutputStream out;

        /** Bytes up to here are in the output, as they were or redacted. */
        private int done;

        Redaction(SequencedRecord record) throws IOException {
            this.record = record;
            this.parser = parsers.parser(record.array(), record.offset(), record.length());
            this.out = new ByteArrayOutputStream(record.length() + 64);
        }

        /** Redacts each JSON value of the record. */
        void redact() throws IOException {
            while (parser.nextToken() != null) {
                redactWithin(paths);
            }
            copyUpTo(record.length());
        }

        /** The parser is at the first token of a value, and at its last one afterwards. */
        private void redactWithin(RedactedPaths within) throws IOException {
            if (within.isNowhere()) {
                pass();
                return;
            }
            JsonToken token = parser.currentToken();
            if (token == JsonToken.START_OBJECT) {
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    RedactedPaths member = within.member(parser.currentName());
                    parser.nextToken();
                    redact(member);
                }
            } else if (token == JsonToken.START_ARRAY) {
                RedactedPaths element = within.element();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    redact(element);
                }
            } else {
                pass();
            }
        }

        private void redact(RedactedPaths value) throws IOException {
            switch (value.action()) {
                case KEEP -> redactWithin(value);
                case MASK -> {
                    int begin = begin();
                    pass();
                    replace(begin, MASK);
                }
                case HASH -> {
                    int begin = begin();
                    Optional<String> text =
                            parser.currentToken() == JsonToken.VALUE_STRING
                                    ? Optional.of(parser.getText())
                                    : Optional.empty();
                    pass();
                    replace(begin, hashed(begin, text));
                }
            }
        }

        private byte[] hashed(int begin, Optional<String> text) {
            byte[] value;
            if (text.isPresent()) {
                value = text.get().getBytes(StandardCharsets.UTF_8);
            } else {
                value = new byte[end() - begin];
                System.arraycopy(record.array(), record.offset() + begin, value, 0, value.length);
            }
            String hex = '"' + HexFormat.of().formatHex(hash.apply(value)) + '"';
            return hex.getBytes(StandardCharsets.US_ASCII);
        }

        /** Reads the value to its end. */
        private void pass() throws IOException {
            parser.skipChildren();
            parser.finishToken();
        }

        private int begin() {
            return Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        }

        private int end() {
            return Math.toIntExact(parser.currentLocation().getByteOffset());
        }

        private void replace(int begin, byte[] value) {
            copyUpTo(begin);
            out.writeBytes(value);
            done = end();
        }

        private void copyUpTo(int place) {
            out.write(record.array(), record.offset() + done, place - done);
            done = place;
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }
}
