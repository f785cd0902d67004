package io.delivery.plugin;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * The class loader of one plugin. A jar may be replaced while an older loader of it still lives, so
 * the resources of its jars bypass the cache of open jars that the JDK shares between loaders.
 *
 * <p>It is closed when its owner has closed it and every processor of it is closed, too: what a
 * plugin does at its end may need classes that were never loaded before. Thread-safe.
 */
final class PluginClasses extends URLClassLoader {
    private static final URLStreamHandler UNCACHED =
            new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) throws IOException {
                    URLConnection connection =
                            URI.create(url.toExternalForm()).toURL().openConnection();
                    connection.setUseCaches(false);
                    return connection;
                }
            };

    /** Its owner, and its processors that are not closed. */
    private int users = 1;

    private boolean closedByOwner;

    PluginClasses(String name, List<URL> jars) {
        super(name, jars.toArray(new URL[0]), new ExposedClasses());
    }

    @Override
    public URL findResource(String name) {
        URL found = super.findResource(name);
        return found == null ? null : uncached(found);
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        return Collections.enumeration(
                Collections.list(super.findResources(name)).stream()
                        .map(PluginClasses::uncached)
                        .toList());
    }

    private static URL uncached(URL url) {
        try {
            return new URL(url, "", UNCACHED);
        } catch (IOException impossible) {
            throw new IllegalStateException("the URL of a resource: " + url, impossible);
        }
    }

    /** Keeps it open until {@link #released()} was called as often. */
    synchronized void used() {
        if (users == 0) {
            throw new IllegalStateException("the classes of the plugin are closed: " + getName());
        }
        users++;
    }

    /**
     * @throws IOException when it was to be closed and that failed
     */
    void released() throws IOException {
        synchronized (this) {
            if (--users > 0) {
                return;
            }
        }
        super.close();
    }

    /** By its owner. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closedByOwner) {
                return;
            }
            closedByOwner = true;
        }
        released();
    }
}
