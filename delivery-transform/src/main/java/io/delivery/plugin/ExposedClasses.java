package io.delivery.plugin;

import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.List;

/**
 * What plugins see of this program: the JDK, the logging interface, and the packages that {@link
 * io.delivery.processing.ProcessorProvider} names. Of resources, those of the JDK.
 */
final class ExposedClasses extends ClassLoader {
    private static final List<String> PACKAGES =
            List.of(
                    "io.delivery.processing.",
                    "io.delivery.record.",
                    "io.delivery.partition.",
                    "org.slf4j.");

    private static final ClassLoader JDK = ClassLoader.getPlatformClassLoader();

    private final ClassLoader ours = ExposedClasses.class.getClassLoader();

    ExposedClasses() {
        super("delivery-exposed", JDK);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (PACKAGES.stream().anyMatch(name::startsWith)) {
            return ours.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }

    @Override
    public URL getResource(String name) {
        return JDK.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return JDK.getResources(name);
    }
}
