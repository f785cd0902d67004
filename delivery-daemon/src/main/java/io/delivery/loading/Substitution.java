package io.delivery.loading;

import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** {@code ${NAME}}, {@code ${file:path}} and their escape, two dollar signs, in a scalar. */
final class Substitution {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String FILE = "file:";
    private static final int MAX_FILE_BYTES = 64 << 10;

    private Substitution() {}

    static boolean needed(String text) {
        return text.contains("${");
    }

    /** A text that means just itself when it is read again. */
    static String escaped(String text) {
        return text.replace("${", "$${");
    }

    /**
     * @param path the setting that says it
     */
    static String resolve(String text, String path, ConfigReading reading)
            throws InvalidSettingException {
        StringBuilder resolved = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("$${", at)) {
                resolved.append("${");
                at += 3;
            } else if (text.startsWith("${", at)) {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw new InvalidSettingException(
                            "has ${ without }; a literal ${ is written $${");
                }
                boolean whole = at == 0 && end == text.length() - 1;
                String value = value(text.substring(at + 2, end), reading, !whole);
                reading.substituted().add(path, text.substring(at, end + 1), value);
                resolved.append(value);
                at = end + 1;
            } else {
                resolved.append(text.charAt(at++));
            }
        }
        return resolved.toString();
    }

    /**
     * @param amongText whether it may be a part of a secret that was not meant as a reference
     */
    private static String value(String reference, ConfigReading reading, boolean amongText)
            throws InvalidSettingException {
        if (reference.startsWith(FILE) && reading.holdsSecrets()) {
            throw new InvalidSettingException(
                    "must not name a file with ${file:…} here, because a change of that file would not be noticed; write the value itself, this file is read again when it changes");
        }
        if (reference.startsWith(FILE)) {
            return fileContent(reference.substring(FILE.length()), reading);
        }
        if (!NAME.matcher(reference).matches()) {
            throw new InvalidSettingException(
                    reading.holdsSecrets()
                            ? "must name an environment variable between ${ and }; a literal ${ is written $${"
                            : "must name an environment variable or file:path between ${ and }, was ${%s}; a literal ${ is written $${"
                                    .formatted(reference));
        }
        return reading.variable(reference)
                .orElseThrow(
                        () ->
                                new InvalidSettingException(
                                        amongText && reading.holdsSecrets()
                                                ? "an environment variable that it names is not set; a literal ${ is written $${"
                                                : "the environment variable %s is not set"
                                                        .formatted(reference)));
    }

    private static String fileContent(String name, ConfigReading reading)
            throws InvalidSettingException {
        try {
            Path file = reading.directory().resolve(name);
            byte[] content = reading.content(file, MAX_FILE_BYTES);
            // An editor's last line break is not part of a secret.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString()
                    .replaceFirst("\\r?\\n$", "");
        } catch (BoundedFile.RefusedException e) {
            throw new InvalidSettingException("${file:%s} %s".formatted(name, e.getMessage()));
        } catch (NoSuchFileException e) {
            throw new InvalidSettingException("${file:%s}: there is no such file".formatted(name));
        } catch (CharacterCodingException e) {
            throw new InvalidSettingException("${file:%s} is not UTF-8 text".formatted(name));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidSettingException(
                    "${file:%s} cannot be read: %s".formatted(name, FailureText.of(e)));
        }
    }
}
