package io.delivery.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;

/**
 * Other ways to deflate an object, each as it is fastest, which is with the whole object in one
 * buffer: the JDK's, and ISA-L through GKL where it can be had and runs.
 */
final class DeflatePeers {
    private static final Path CLASS_PATH = Path.of("target/peers/deflate.class.path");

    /** An object's bytes in, how many come out. */
    interface Way {
        long compress(byte[] object);
    }

    private DeflatePeers() {}

    static Map<String, Way> all() throws IOException {
        Map<String, Way> ways = new LinkedHashMap<>();
        for (int level = 1; level <= 9; level++) {
            ways.put("JDK deflate " + level, whole(new Deflater(level, true)));
        }
        try {
            for (int level : new int[] {1, 2}) {
                ways.put("ISA-L (GKL) " + level, whole(ofGkl(level)));
            }
        } catch (ReflectiveOperationException | LinkageError | IOException e) {
            Statistics.line("without ISA-L: %s", e);
        }
        return ways;
    }

    private static Way whole(Deflater deflater) {
        return object -> {
            deflater.reset();
            deflater.setInput(object, 0, object.length);
            deflater.finish();
            byte[] out = new byte[object.length];
            long length = 0;
            while (!deflater.finished()) {
                length += deflater.deflate(out, 0, out.length);
            }
            return length;
        };
    }

    private static Deflater ofGkl(int level) throws ReflectiveOperationException, IOException {
        if (!Files.exists(CLASS_PATH)) {
            throw new IOException(CLASS_PATH + " is not there");
        }
        Class<?> type = loader().loadClass("com.intel.gkl.compression.IntelDeflater");
        Deflater deflater =
                (Deflater) type.getConstructor(int.class, boolean.class).newInstance(level, true);
        if (!Boolean.TRUE.equals(
                type.getMethod("load", File.class).invoke(deflater, (File) null))) {
            throw new IOException("its library cannot be loaded");
        }
        return deflater;
    }

    private static ClassLoader loader() throws IOException {
        List<URL> jars = new ArrayList<>();
        for (String jar : Files.readString(CLASS_PATH).strip().split(File.pathSeparator)) {
            jars.add(url(jar));
        }
        return new URLClassLoader(jars.toArray(URL[]::new), DeflatePeers.class.getClassLoader());
    }

    private static URL url(String jar) throws MalformedURLException {
        return Path.of(jar).toUri().toURL();
    }
}
