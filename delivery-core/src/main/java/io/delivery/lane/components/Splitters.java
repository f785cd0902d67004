package io.delivery.lane.components;

import io.delivery.processing.RecordSplitter;

/**
 * Splitters by their identity. Those of earlier versions stay: a range that was begun under one is
 * finished under it.
 */
@FunctionalInterface
public interface Splitters {
    /** Identity of the splitter that makes one part of each record. */
    String WHOLE = "";

    /** A fresh splitter; null when no splitter of this identity is known. */
    RecordSplitter open(String identity);
}
