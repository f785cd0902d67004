package io.delivery.wiring;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one entry of the configuration was made into – a store, a catalog – and who works with it.
 * When it is retired, because the entry has changed or is gone, whoever has a lease goes on; the
 * last of them closes it. Thread-safe.
 */
final class Generation<T> {
    private static final Logger log = LoggerFactory.getLogger(Generation.class);

    private final String name;
    private final T value;
    private final Consumer<? super T> closing;
    private int leases;
    private boolean retired;
    private boolean closed;
    private Runnable onClosed = () -> {};

    /**
     * @param name for the log, e.g. {@code store lake}
     * @param closing closes the value; called once
     */
    Generation(String name, T value, Consumer<? super T> closing) {
        this.name = name;
        this.value = value;
        this.closing = closing;
    }

    T value() {
        return value;
    }

    /** The right to work with the value until it is given back. */
    static final class Lease<T> implements AutoCloseable {
        private final Generation<T> generation;
        private final AtomicBoolean given = new AtomicBoolean();

        private Lease(Generation<T> generation) {
            this.generation = generation;
        }

        T value() {
            return generation.value;
        }

        /** Gives it back; once, however often it is called. */
        @Override
        public void close() {
            if (given.compareAndSet(false, true)) {
                generation.givenBack();
            }
        }
    }

    /**
     * @throws IllegalStateException when it is retired
     */
    Lease<T> lease() {
        synchronized (this) {
            if (retired) {
                throw new IllegalStateException(name + " is not in force any more");
            }
            leases++;
        }
        return new Lease<>(this);
    }

    private void givenBack() {
        synchronized (this) {
            leases--;
        }
        closeWhenUnused();
    }

    /** Nobody new is to work with it: it is closed when nobody does. */
    void retire() {
        synchronized (this) {
            retired = true;
        }
        closeWhenUnused();
    }

    /** Closes it although somebody may work with it: the process ends. */
    void end() {
        synchronized (this) {
            retired = true;
            leases = 0;
        }
        closeWhenUnused();
    }

    private void closeWhenUnused() {
        synchronized (this) {
            if (closed || !retired || leases > 0) {
                return;
            }
            closed = true;
        }
        try {
            closing.accept(value);
        } catch (Throwable failed) { // also errors: it is closed no second time
            log.warn("not closed in order: what={}", name, failed);
        }
        Runnable told;
        synchronized (this) {
            told = onClosed;
        }
        told.run();
    }

    /**
     * Calls back after it was closed.
     *
     * @param told does not fail; given before it is retired
     */
    synchronized void onClosed(Runnable told) {
        Runnable before = onClosed;
        onClosed =
                () -> {
                    before.run();
                    told.run();
                };
    }
}
