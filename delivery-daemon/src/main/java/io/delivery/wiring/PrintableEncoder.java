package io.delivery.wiring;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import io.delivery.record.PrintableText;
import java.nio.charset.StandardCharsets;

/** Another encoder's lines, in which nothing that others chose can steer a terminal. */
final class PrintableEncoder extends EncoderBase<ILoggingEvent> {
    private final Encoder<ILoggingEvent> lines;

    PrintableEncoder(Encoder<ILoggingEvent> lines) {
        this.lines = lines;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return printable(lines.encode(event));
    }

    @Override
    public byte[] headerBytes() {
        return printable(lines.headerBytes());
    }

    @Override
    public byte[] footerBytes() {
        return printable(lines.footerBytes());
    }

    private static byte[] printable(byte[] text) {
        return text == null
                ? null
                : PrintableText.lines(new String(text, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
    }

    /** In a pattern: the message, which stays in its line. */
    static final class Message extends ClassicConverter {
        @Override
        public String convert(ILoggingEvent event) {
            return PrintableText.of(event.getFormattedMessage());
        }
    }

    /** In a pattern: the exception, none of whose lines looks like an event of its own. */
    static final class Cause extends ThrowableProxyConverter {
        @Override
        public String convert(ILoggingEvent event) {
            return super.convert(event).replaceAll("\n(?!$)", "\n\t");
        }
    }
}
