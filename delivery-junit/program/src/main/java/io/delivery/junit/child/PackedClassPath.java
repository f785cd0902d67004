package io.delivery.junit.child;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A class path whose jars stand in a jar, below {@value #FOLDER}. They are on no class path of the
 * tests there, and no version of theirs can be in the way of another one.
 */
final class PackedClassPath {
    static final String FOLDER = "META-INF/delivery-junit/";

    private PackedClassPath() {}

    /** The jar, or the folder of classes, that a class is from. */
    static Path placeOf(Class<?> type) {
        try {
            URI place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(place);
        } catch (URISyntaxException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    /**
     * Unpacks the jars that stand in the jar of this class.
     *
     * @param into a folder for them
     * @throws IOException also when there are none
     */
    static List<Path> unpack(Class<?> type, Path into) throws IOException {
        Path place = placeOf(type);
        List<Path> jars = new ArrayList<>();
        if (Files.isRegularFile(place)) {
            try (JarFile outer = new JarFile(place.toFile())) {
                for (JarEntry entry : outer.stream().filter(PackedClassPath::isPacked).toList()) {
                    String name = entry.getName().substring(FOLDER.length());
                    Path jar = into.resolve(name).normalize();
                    if (!into.equals(jar.getParent())) {
                        throw new IOException("%s has a jar %s".formatted(place, entry.getName()));
                    }
                    try (InputStream in = outer.getInputStream(entry)) {
                        Files.copy(in, jar);
                    }
                    jars.add(jar);
                }
            }
        }
        if (jars.isEmpty()) {
            throw new IOException(
                    "%s holds no jars below %s: the module must be packaged, `package` does that"
                            .formatted(place, FOLDER));
        }
        return jars;
    }

    private static boolean isPacked(JarEntry entry) {
        return entry.getName().startsWith(FOLDER) && entry.getName().endsWith(".jar");
    }
}
