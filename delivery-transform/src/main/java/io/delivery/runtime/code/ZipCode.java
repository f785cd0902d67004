package io.delivery.runtime.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Code in a {@code .zip} or {@code .jar}. The JDK reads what is in it; what it does not tell of an
 * entry – whether it may be run, or is a link – {@link ZipModes} reads beside it.
 */
final class ZipCode implements CodeSource {
    private static final int MAX_LINK_BYTES = 4096; // PATH_MAX of Linux

    private final ZipFile zip;
    private final List<CodeItem> items = new ArrayList<>();

    ZipCode(Path file) throws IOException {
        ZipModes modes = ZipModes.read(file);
        zip = openZip(file);
        try {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            for (int i = 0; entries.hasMoreElements(); i++) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory()) {
                    items.add(item(entry, modes.mode(i)));
                }
            }
        } catch (Throwable failed) { // also errors
            zip.close();
            throw failed;
        }
    }

    private static ZipFile openZip(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new IOException(file + " cannot be unpacked: " + e.getMessage(), e);
        }
    }

    private CodeItem item(ZipEntry entry, int mode) throws IOException {
        boolean link = (mode & ZipModes.TYPE) == ZipModes.LINK;
        return new CodeItem(
                entry.getName(),
                new CodeEntry(entry.getSize(), !link && (mode & ZipModes.OWNER_RUNS) != 0),
                link ? Optional.of(target(entry)) : Optional.empty(),
                () -> zip.getInputStream(entry));
    }

    /** The content of a link is where it points. */
    private String target(ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] target = in.readNBytes(MAX_LINK_BYTES + 1);
            if (target.length > MAX_LINK_BYTES) {
                throw new IOException(
                        "%s: the link %s is too long".formatted(zip.getName(), entry.getName()));
            }
            return new String(target, StandardCharsets.UTF_8);
        }
    }

    @Override
    public List<CodeItem> items() {
        return items;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
