package io.delivery.runtime.code;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Code in a folder. */
final class FolderCode implements CodeSource {
    private final List<CodeItem> items = new ArrayList<>();

    FolderCode(Path folder) throws IOException {
        Path root = folder.toRealPath();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        items.add(item(root, file, attributes));
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static CodeItem item(Path root, Path file, BasicFileAttributes attributes)
            throws IOException {
        String path =
                root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
        Optional<String> link = Optional.empty();
        if (attributes.isSymbolicLink()) {
            Path target = Files.readSymbolicLink(file);
            // One that names the folder itself would lead back to the author's copy.
            Path there =
                    target.isAbsolute() && target.startsWith(root)
                            ? file.getParent().relativize(target)
                            : target;
            link = Optional.of(there.toString());
        } else if (!attributes.isRegularFile()) {
            throw new IOException(file + " is neither a file nor a folder: take it away");
        }
        boolean executable = link.isEmpty() && Files.isExecutable(file);
        return new CodeItem(
                path,
                new CodeEntry(attributes.size(), executable),
                link,
                () -> Files.newInputStream(file));
    }

    @Override
    public List<CodeItem> items() {
        return items;
    }

    @Override
    public void close() {
        // nothing is held open
    }
}
