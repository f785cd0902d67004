package io.delivery.runtime.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes a function's code into an empty folder. Code is somebody else's: nothing is written
 * outside of the folder, nothing twice, and no more than may be.
 */
final class Unpacking {
    static final int MAX_FILES = 65_534; // as many as a zip file may have without extensions

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path root;
    private final long maxBytes;
    private final Set<String> paths = new HashSet<>();
    private final Set<String> links = new HashSet<>();
    private long bytes;

    private Unpacking(Path root, long maxBytes) {
        this.root = root;
        this.maxBytes = maxBytes;
    }

    /**
     * @param root exists and is empty
     * @param maxBytes of all files together
     * @throws IOException when it must not be written or cannot: the message names the file. What
     *     has been written by then stays
     */
    static void unpack(FunctionCode code, Path root, long maxBytes) throws IOException {
        new Unpacking(root, maxBytes).unpack(code.items());
    }

    private void unpack(List<CodeItem> items) throws IOException {
        if (items.size() > MAX_FILES) {
            throw new IOException(
                    "The code has %d files, at most %d may be".formatted(items.size(), MAX_FILES));
        }
        for (CodeItem item : items) {
            if (!paths.add(item.path())) {
                throw new IOException("The code has " + item.path() + " twice");
            }
            if (item.link().isPresent()) {
                links.add(item.path());
            }
        }
        for (CodeItem item : items) {
            Path file = place(item.path());
            Files.createDirectories(file.getParent());
            if (item.link().isEmpty()) {
                write(item, file);
            }
        }
        // Behind all files, so that none is written through a link.
        for (CodeItem item : items) {
            if (item.link().isPresent()) {
                link(item, item.link().get());
            }
        }
        requireLinksWithin(items);
        makeReadOnly();
    }

    private Path place(String path) throws IOException {
        boolean bad =
                path.isEmpty()
                        || path.startsWith("/")
                        || path.indexOf('\\') >= 0
                        || path.matches("^[A-Za-z]:.*")
                        || path.codePoints().anyMatch(Character::isISOControl)
                        || Stream.of(path.split("/", -1))
                                .anyMatch(n -> n.isEmpty() || n.equals(".") || n.equals(".."));
        if (bad) {
            throw new IOException(
                    "The code has a file with the path '%s', which is none inside of the code: pack it anew"
                            .formatted(path));
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (links.contains(path.substring(0, slash))) {
                throw new IOException(
                        "The code has %s behind the symbolic link %s: pack it anew"
                                .formatted(path, path.substring(0, slash)));
            }
        }
        try {
            return root.resolve(path);
        } catch (InvalidPathException e) {
            throw new IOException("The code has a file whose name cannot be: " + path, e);
        }
    }

    private void write(CodeItem item, Path file) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = item.content().open();
                OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
                if (bytes > maxBytes) {
                    throw new IOException(
                            "The code is larger than %d MB unpacked".formatted(maxBytes >> 20));
                }
                out.write(buffer, 0, read);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException(
                    "The code has files whose names differ in their case only, which this file system cannot hold: "
                            + item.path(),
                    e);
        }
        permit(file, item.entry().executable() ? "r-x------" : "r--------");
    }

    private void link(CodeItem item, String target) throws IOException {
        try {
            Files.createSymbolicLink(root.resolve(item.path()), Path.of(target));
        } catch (InvalidPathException e) {
            throw new IOException("The link %s leads nowhere".formatted(item.path()), e);
        }
    }

    private void requireLinksWithin(List<CodeItem> items) throws IOException {
        Path real = root.toRealPath();
        for (CodeItem item : items) {
            if (item.link().isPresent() && !leadsInto(real, root.resolve(item.path()))) {
                throw new IOException(
                        "The link %s -> %s leads out of the code or nowhere: put a copy in its place"
                                .formatted(item.path(), item.link().get()));
            }
        }
    }

    private static boolean leadsInto(Path real, Path link) {
        try {
            return link.toRealPath().startsWith(real);
        } catch (IOException nowhere) {
            return false;
        }
    }

    private void makeReadOnly() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.filter(Unpacking::isFolder).toList()) {
                permit(path, "r-x------");
            }
        }
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    private static void permit(Path path, String permissions) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }
}
