package io.delivery.json;

/** How close a key of a record is to the one that fills a column, the closest first. */
enum Closeness {
    EXACT,
    CASE,
    DOTS,
    DOTS_AND_CASE
}
