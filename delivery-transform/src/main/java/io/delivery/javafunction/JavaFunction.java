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
import java.util.concurrent.CountDownLatch;

/**
 * The program that a process of a Java function runs: so many slots, each on a thread.
 *
 * <p>A handler of Lambda never has two events at a time, and need not be made for it. So each slot
 * loads all classes anew, those of the function, of the runtime interface client and of its own,
 * and has its own handler and static fields. What the JVM has once is shared: system properties,
 * standard output, the end of the process. No slot begins its work before all have their threads: a
 * process in which one has none ends as a whole, and no event is lost. Its status is 217 when the
 * machine has no thread to give, and 1 otherwise.
 */
public final class JavaFunction {
    private static final int NO_THREAD = 217; // FunctionProcess knows it, and the words beside it

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
        CountDownLatch all = new CountDownLatch(slots);
        int begun = 0;
        try {
            while (begun < slots) {
                begin("slot-" + (begun + 1), runtime, all);
                begun++;
            }
        } catch (Throwable failed) { // such as: unable to create native thread
            endWith(begun, slots, failed);
        }
    }

    private static void begin(String name, URL[] runtime, CountDownLatch all) throws Exception {
        ClassLoader classes =
                new URLClassLoader(name, runtime, ClassLoader.getPlatformClassLoader());
        Runnable slot =
                (Runnable)
                        classes.loadClass("io.delivery.javafunction.Slot")
                                .getConstructor()
                                .newInstance();
        new Thread(() -> work(slot, all), name).start();
    }

    private static void work(Runnable slot, CountDownLatch all) {
        all.countDown();
        try {
            all.await();
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
        slot.run();
    }

    /** Ends the process: the slots that have threads wait for the others. */
    private static void endWith(int begun, int slots, Throwable failed) {
        Throwable cause = failed instanceof InvocationTargetException ? failed.getCause() : failed;
        try {
            failed.printStackTrace();
            System.err.println(
                    "The process ends, since it has %d of %d slots: %s"
                            .formatted(begun, slots, cause));
        } finally {
            Runtime.getRuntime().halt(isForWantOfAThread(cause) ? NO_THREAD : 1);
        }
    }

    private static boolean isForWantOfAThread(Throwable cause) {
        return cause instanceof OutOfMemoryError
                && String.valueOf(cause.getMessage()).contains("native thread");
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
