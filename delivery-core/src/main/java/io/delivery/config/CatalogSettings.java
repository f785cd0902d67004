package io.delivery.config;

import java.nio.file.Path;

/** A folder of schemas: {@code <directory>/<database>/<table>.yaml} or {@code .avsc}. */
public record CatalogSettings(String name, Path directory) {}
