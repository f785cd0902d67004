package io.delivery.config;

/** Compression of a raw object: CompressionFormat. */
public enum Compression {
    NONE,
    GZIP
}
