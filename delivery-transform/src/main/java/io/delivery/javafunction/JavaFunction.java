package io.delivery.javafunction;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program that a process of a Java function runs: so many slots, each on a thread.
 *
 * <p>A handler of Lambda never has two events at a time, and need not be made for it. So each slot
 * loads all classes anew, those of the function, of the runtime interface client and of its own,
 * and has its own handler and static fields. What the JVM has once is shared: system properties,
 * standard output, the end of the process. One in which a slot cannot begin ends as a whole, with
 * status 1.
 */
public final class JavaFunction {
    private JavaFunction() {}

    /**
     * @param arguments the number of slots, and the folder that has the jars of the runtime
     *     interface client. The class path has this class; the environment is that of Lambda
     */
    public static void main(String[] arguments) throws Exception {
        int slots = Integer.parseInt(arguments[0]);
        // Or a response might be sent a second time when its connection breaks.
        System.setProperty("sun.net.http.retryPost", "false");
        URL[] runtime = runtime(new File(arguments[1]));
        int begun = 0;
        try {
            while (begun < slots) {
                begin("slot-" + (begun + 1), runtime);
                begun++;
            }
        } catch (Throwable failed) { // such as: unable to create native thread
            endWith(begun, slots, failed);
        }
    }

    private static void begin(String name, URL[] runtime) throws Exception {
        ClassLoader classes =
                new URLClassLoader(name, runtime, ClassLoader.getPlatformClassLoader());
        Runnable slot =
                (Runnable)
                        classes.loadClass("io.delivery.javafunction.Slot")
                                .getConstructor()
                                .newInstance();
        new Thread(slot, name).start();
    }

    /**
     * Ends the process: the slots that have begun would go on, and events would be counted for the
     * others.
     */
    private static void endWith(int begun, int slots, Throwable failed) {
        try {
            failed.printStackTrace();
            Throwable cause =
                    failed instanceof InvocationTargetException ? failed.getCause() : failed;
            System.err.println(
                    "The process ends, since it has %d of %d slots: %s"
                            .formatted(begun, slots, cause));
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }

    private static URL[] runtime(File folder) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        File[] jars = folder.listFiles((in, name) -> name.endsWith(".jar"));
        if (jars == null) {
            throw new IllegalArgumentException("the folder of the runtime is not there: " + folder);
        }
        Arrays.sort(jars);
        for (File jar : jars) {
            urls.add(jar.toURI().toURL());
        }
        return urls.toArray(new URL[0]);
    }
}
