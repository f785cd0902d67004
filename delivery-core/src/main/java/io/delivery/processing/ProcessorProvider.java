package io.delivery.processing;

import java.util.Map;

/**
 * Makes processors: what a plugin implements. A jar names its providers in {@code
 * META-INF/services/io.delivery.processing.ProcessorProvider}; each has a public constructor
 * without parameters.
 *
 * <p>A plugin sees the JDK, {@code org.slf4j} and of this program the packages {@code
 * io.delivery.processing}, {@code io.delivery.record} and {@code io.delivery.partition}. Everything
 * else that it uses is in its own jars.
 */
public interface ProcessorProvider {
    /**
     * The version of the interface that plugins see. It rises when a plugin that was compiled
     * against the version before would not run any more.
     */
    int SPI_VERSION = 1;

    /**
     * The version that it was compiled against: {@code return SPI_VERSION;}, since the compiler
     * writes the number into the plugin. Another one than the program's is refused.
     */
    int spiVersion();

    /**
     * A processor for one lane of a stream. Called once for each lane and each definition that
     * names it, also by {@code delivery check}; what takes time belongs into {@link
     * Processor#open}.
     *
     * @param settings as the configuration has them
     * @throws IllegalArgumentException when the settings are wrong; the message tells an operator
     *     which and why
     */
    Processor create(Map<String, String> settings);
}
