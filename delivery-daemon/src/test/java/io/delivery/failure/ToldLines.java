package io.delivery.failure;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * What a class tells the log during a test, from INFO on. Other tests may make the same class tell
 * something meanwhile: only lines with a text of the test's own count.
 */
public final class ToldLines implements BeforeEachCallback, AfterEachCallback {
    private final Logger log;
    private final String own;
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    /**
     * @param own what is in each line of this test and in no other, such as the name of a stream
     */
    public ToldLines(Class<?> teller, String own) {
        this.log = (Logger) LoggerFactory.getLogger(teller);
        this.own = own;
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        log.setLevel(Level.INFO);
        events.start();
        log.addAppender(events);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        log.detachAppender(events);
        log.setLevel(null);
    }

    /** The lines up to now, in their order. */
    public List<String> lines() {
        return events.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(own))
                .toList();
    }
}
