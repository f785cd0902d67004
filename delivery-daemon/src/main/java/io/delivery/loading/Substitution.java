package io.delivery.loading;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** {@code ${NAME}}, {@code ${file:path}} and their escape, two dollar signs, in a scalar. */
final class Substitution {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String FILE = "file:";
    private static final long MAX_FILE_BYTES = 64 << 10;

    private Substitution() {}

    static boolean needed(String text) {
        return text.contains("${");
    }

    /** A text that means just itself when it is read again. */
    static String escaped(String text) {
        return text.replace("${", "$${");
    }

    static String resolve(String text, ConfigReading reading) throws InvalidSettingException {
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
                resolved.append(value(text.substring(at + 2, end), reading));
                at = end + 1;
            } else {
                resolved.append(text.charAt(at++));
            }
        }
        return resolved.toString();
    }

    private static String value(String reference, ConfigReading reading)
            throws InvalidSettingException {
        if (reference.startsWith(FILE)) {
            return fileContent(reference.substring(FILE.length()), reading);
        }
        if (!NAME.matcher(reference).matches()) {
            throw new InvalidSettingException(
                    "must name an environment variable or file:path between ${ and }, was ${%s}; a literal ${ is written $${"
                            .formatted(reference));
        }
        return reading.variable(reference)
                .orElseThrow(
                        () ->
                                new InvalidSettingException(
                                        "the environment variable %s is not set"
                                                .formatted(reference)));
    }

    private static String fileContent(String name, ConfigReading reading)
            throws InvalidSettingException {
        try {
            Path file = reading.directory().resolve(name);
            if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
                throw new InvalidSettingException(
                        "${file:%s} is longer than %d bytes".formatted(name, MAX_FILE_BYTES));
            }
            // An editor's last line break is not part of a secret.
            return Files.readString(file).replaceFirst("\\r?\\n$", "");
        } catch (NoSuchFileException e) {
            throw new InvalidSettingException("${file:%s}: there is no such file".formatted(name));
        } catch (CharacterCodingException e) {
            throw new InvalidSettingException("${file:%s} is not UTF-8 text".formatted(name));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidSettingException(
                    "${file:%s} cannot be read: %s".formatted(name, e.getMessage()));
        }
    }
}
