package io.delivery.config;

import java.nio.file.Path;

/** Certificate chain and private key of the API, both PEM files. */
public record TlsSettings(Path certificate, Path key) {}
