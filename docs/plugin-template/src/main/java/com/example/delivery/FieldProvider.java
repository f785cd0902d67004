package com.example.delivery;

import io.delivery.processing.Processor;
import io.delivery.processing.ProcessorProvider;
import java.util.Map;
import java.util.Set;

/** Makes the processor of this plugin: it adds a field to each JSON object. */
public final class FieldProvider implements ProcessorProvider {
    private static final Set<String> SETTINGS = Set.of("name", "value");

    @Override
    public int spiVersion() {
        return SPI_VERSION;
    }

    @Override
    public Processor create(Map<String, String> settings) {
        for (String setting : settings.keySet()) {
            if (!SETTINGS.contains(setting)) {
                throw new IllegalArgumentException(
                        setting + " is unknown; the settings are name and value");
            }
        }
        String name = settings.get("name");
        if (name == null || !name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(
                    "name must be letters, digits and underscores, was " + name);
        }
        return new FieldProcessor(name, settings.getOrDefault("value", ""));
    }
}
