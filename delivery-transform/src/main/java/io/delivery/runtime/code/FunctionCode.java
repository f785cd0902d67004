package io.delivery.runtime.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A function's code as its author gave it: a folder, a {@code .zip} or a {@code .jar}. */
public final class FunctionCode implements AutoCloseable {
    private final CodeSource source;

    private FunctionCode(CodeSource source) {
        this.source = source;
    }

    /**
     * Opens it.
     *
     * @throws IOException when it is not there, is neither of the three, or cannot be read: the
     *     message says what is wrong, and with which path
     */
    public static FunctionCode open(Path code) throws IOException {
        if (Files.isDirectory(code)) {
            return new FunctionCode(new FolderCode(code));
        }
        if (!Files.exists(code)) {
            throw new IOException(code + " does not exist");
        }
        String name = code.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".zip") && !name.endsWith(".jar")) {
            throw new IOException(code + " is no folder, .zip or .jar");
        }
        return new FunctionCode(new ZipCode(code));
    }

    /**
     * A text that is the same as long as the code is: every name, permission to run and byte.
     *
     * @throws IOException as {@link #open}
     */
    public static String checksum(Path code) throws IOException {
        try (FunctionCode opened = open(code)) {
            return opened.checksum();
        }
    }

    /** What files it has. */
    public CodeListing listing() {
        Map<String, CodeEntry> files = new TreeMap<>();
        items().forEach(item -> files.put(item.path(), item.entry()));
        return new CodeListing(files);
    }

    /** All files and links. */
    List<CodeItem> items() {
        return source.items();
    }

    private String checksum() throws IOException {
        MessageDigest digest = sha256();
        List<CodeItem> sorted =
                items().stream().sorted(Comparator.comparing(CodeItem::path)).toList();
        for (CodeItem item : sorted) {
            String head =
                    "%s\0%s\0%s\0"
                            .formatted(
                                    item.path(), item.entry().executable(), item.link().orElse(""));
            digest.update(head.getBytes(StandardCharsets.UTF_8));
            if (item.link().isEmpty()) {
                digest.update(contentOf(item));
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    /** Of fixed length: otherwise the end of one file could pass for the name of the next. */
    private static byte[] contentOf(CodeItem item) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(item.content().open(), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
