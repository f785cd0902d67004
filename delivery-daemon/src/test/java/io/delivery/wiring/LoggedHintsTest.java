package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;

class LoggedHintsTest {
    @Test
    void a_hint_is_no_warning_and_names_its_setting() {
        LoggerContext context = new LoggerContext();
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.setContext(context);
        events.start();
        Logger log = context.getLogger("hints");
        log.addAppender(events);

        LoggedHints.tell("streams.s.destination.prefix: begins with /, was /a: b", log);

        assertThat(events.list)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly(
                        "INFO hint: setting=streams.s.destination.prefix"
                                + " advice=begins with /, was /a: b");
    }
}
