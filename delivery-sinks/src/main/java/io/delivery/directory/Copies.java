package io.delivery.directory;

import io.delivery.landing.ObjectAttributes;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.Entropy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * Where copies are written before they are linked: below the lake, in a folder for each
 * incarnation, under names that begin with the object's mark.
 */
final class Copies {
    /** Characters of a mark in a name, at most. */
    private static final int MARK_LENGTH = 150;

    private final Disk disk;
    private final Entropy entropy;
    private final Folders folders;
    private final Path work;

    Copies(Disk disk, Entropy entropy, Folders folders, Path work) {
        this.disk = disk;
        this.entropy = entropy;
        this.folders = folders;
        this.work = work;
    }

    /** A fresh name for a copy of this object. */
    Path fresh(ObjectAttributes attributes) throws NotOursException {
        Path folder = work.resolve(incarnation(attributes));
        folders.refuseLinks(folder);
        return folder.resolve(prefix(attributes) + HexFormat.of().toHexDigits(entropy.nextLong()));
    }

    /** Creates the copy, and its folder before the first one. */
    DiskFile create(Path copy) throws IOException {
        try {
            return disk.create(copy);
        } catch (NoSuchFileException missing) {
            disk.createDirectories(copy.getParent());
            return disk.create(copy);
        }
    }

    /** Copies that a dead process left. Unlinked, never opened: they may be a visible object. */
    void remove(ObjectAttributes attributes) throws IOException {
        for (Path left : disk.list(work.resolve(incarnation(attributes)))) {
            if (left.getFileName().toString().startsWith(prefix(attributes))) {
                disk.delete(left);
            }
        }
    }

    /** The first part of the mark, as a directory's name. */
    private static String incarnation(ObjectAttributes attributes) {
        String mark = attributes.mark();
        int slash = mark.indexOf('/');
        return fit(slash < 0 ? mark : mark.substring(0, slash));
    }

    private static String prefix(ObjectAttributes attributes) {
        return fit(attributes.mark()) + ".";
    }

    /** Whatever a mark may hold, a short file name; marks that differ keep apart by checksum. */
    private static String fit(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        int length = Math.min(text.length(), MARK_LENGTH);
        StringBuilder plain = new StringBuilder(length + 9);
        for (int at = 0; at < length; ) {
            int character = text.codePointAt(at);
            plain.append(isPlain(character) ? (char) character : '-');
            at += Character.charCount(character);
        }
        return plain.append('-')
                .append(HexFormat.of().toHexDigits((int) crc.getValue()))
                .toString();
    }

    private static boolean isPlain(int character) {
        return character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || character >= '0' && character <= '9'
                || character == '_'
                || character == '-';
    }
}
