package io.delivery.testkit;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Java sources that a test compiles, and the jar that becomes of them. */
public final class JavaSources {
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> resources = new LinkedHashMap<>();
    private final List<Path> classPath = new ArrayList<>();

    /** A class in the unnamed package or another one, by its full name. */
    public JavaSources source(String className, String text) {
        sources.put(className.replace('.', '/') + ".java", text);
        return this;
    }

    /** Every source below this folder. */
    public JavaSources sources(Path folder) throws IOException {
        for (Path file : filesBelow(folder)) {
            sources.put(folder.relativize(file).toString(), Files.readString(file));
        }
        return this;
    }

    /** A file of the jar. */
    public JavaSources resource(String name, String text) {
        return resource(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file of the jar, such as a jar within it. */
    public JavaSources resource(String name, byte[] bytes) {
        resources.put(name, bytes);
        return this;
    }

    /** Every file below this folder. */
    public JavaSources resources(Path folder) throws IOException {
        for (Path file : filesBelow(folder)) {
            resources.put(folder.relativize(file).toString(), Files.readAllBytes(file));
        }
        return this;
    }

    /** What they are compiled against: the jar or folder that has this class. */
    public JavaSources against(Class<?> type) {
        return against(placeOf(type));
    }

    /** What they are compiled against. */
    public JavaSources against(Path jarOrFolder) {
        classPath.add(jarOrFolder);
        return this;
    }

    /** The jar or folder that a class of this JVM was loaded from. */
    public static Path placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Compiles them for Java 17 into a folder, and writes the resources beside the classes. */
    public Path folder(Path target) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path written = Files.createTempDirectory("delivery-sources-");
        Files.createDirectories(target);
        try {
            List<String> arguments = new ArrayList<>();
            arguments.addAll(List.of("--release", "17", "-proc:none", "-d", target.toString()));
            arguments.add("-classpath");
            arguments.add(
                    classPath.stream()
                            .map(Path::toString)
                            .collect(Collectors.joining(File.pathSeparator)));
            for (Map.Entry<String, String> source : sources.entrySet()) {
                Path file = written.resolve(source.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, source.getValue());
                arguments.add(file.toString());
            }
            if (compiler.run(null, null, null, arguments.toArray(new String[0])) != 0) {
                throw new IllegalArgumentException("does not compile: " + sources.keySet());
            }
        } finally {
            try (Stream<Path> all = Files.walk(written)) {
                all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
            }
        }
        for (Map.Entry<String, byte[]> resource : resources.entrySet()) {
            Path file = target.resolve(resource.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, resource.getValue());
        }
        return target;
    }

    /** Compiles them into a jar. */
    public Path jar(Path jar) throws IOException {
        Path classes = folder(Files.createTempDirectory("delivery-classes-"));
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path file : filesBelow(classes)) {
                zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                zip.write(Files.readAllBytes(file));
                zip.closeEntry();
            }
        }
        try (Stream<Path> all = Files.walk(classes)) {
            all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
        }
        return jar;
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
