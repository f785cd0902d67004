package io.delivery.javafunction;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The classes of a function: those in its folder, and the jars in {@code lib} below it. Where it
 * brings a library that the runtime has too, its own version counts; only what both have to share,
 * the interfaces of handlers, is the runtime's.
 */
final class FunctionClasses extends URLClassLoader {
    private static final String SHARED = "com.amazonaws.services.lambda.runtime.";

    static {
        registerAsParallelCapable();
    }

    FunctionClasses(File folder, ClassLoader runtime) throws MalformedURLException {
        super("function", urls(folder), runtime);
    }

    private static URL[] urls(File folder) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        urls.add(folder.toURI().toURL());
        File[] jars = new File(folder, "lib").listFiles((in, name) -> name.endsWith(".jar"));
        if (jars != null) {
            Arrays.sort(jars);
            for (File jar : jars) {
                urls.add(jar.toURI().toURL());
            }
        }
        return urls.toArray(new URL[0]);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && !name.startsWith(SHARED)) {
                loaded = ofTheJdk(name);
                if (loaded == null) {
                    loaded = own(name);
                }
            }
            if (loaded == null) {
                loaded = super.loadClass(name, false);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private static Class<?> ofTheJdk(String name) {
        try {
            return getPlatformClassLoader().loadClass(name);
        } catch (ClassNotFoundException elsewhere) {
            return null;
        }
    }

    private Class<?> own(String name) {
        try {
            return findClass(name);
        } catch (ClassNotFoundException elsewhere) {
            return null;
        }
    }
}
