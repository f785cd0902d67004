package io.delivery.wiring;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals, every one of them: of the JVM's own, shutdown hooks learn of the first only. There is no
 * API for that but {@code sun.misc.Signal} (module jdk.unsupported, "critical internal API" of JEP
 * 260). It is looked up at run time, because javac warns of it and the warning cannot be
 * suppressed; without it the hooks do what they always do.
 */
final class Signals {
    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * From now on these signals do this, and nothing else.
     *
     * @param names without SIG
     * @param action called for each signal, on a thread of its own
     * @return those that never come, because whoever started this process has it ignore them, as
     *     nohup does with HUP: the JVM leaves that so
     */
    static List<String> on(List<String> names, Runnable action) {
        List<String> ignored = new ArrayList<>();
        for (String name : names) {
            try {
                Class<?> signal = Class.forName("sun.misc.Signal");
                Class<?> handler = Class.forName("sun.misc.SignalHandler");
                Object ours =
                        Proxy.newProxyInstance(
                                handler.getClassLoader(),
                                new Class<?>[] {handler},
                                (proxy, method, arguments) -> {
                                    if (method.getName().equals("handle")) {
                                        action.run();
                                    }
                                    return null;
                                });
                Object before =
                        signal.getMethod("handle", signal, handler)
                                .invoke(
                                        null,
                                        signal.getConstructor(String.class).newInstance(name),
                                        ours);
                if (handler.getField("SIG_IGN").get(null).equals(before)) {
                    ignored.add(name);
                }
            } catch (ReflectiveOperationException | RuntimeException notHere) {
                log.debug(
                        "signal is left to the JVM: signal={}", name, notHere); // -Xrs, for example
            }
        }
        return ignored;
    }
}
