package io.delivery.config;

import java.nio.file.Path;

/** Certificate chain and private key of a port, both PEM files. */
public record TlsSettings(Path certificate, Path key) {}
