package io.delivery.runtime;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a process of a function is started on.
 *
 * @param code folder with the function's code; its processes work in it and do not write there
 * @param handler as it was configured
 * @param memoryBytes what the function may use
 * @param concurrency events that the function may work on at a time, over all its processes
 * @param ownFiles folder with files of this program that processes read, such as bootstraps
 */
public record Deployment(
        Path code, Optional<String> handler, long memoryBytes, int concurrency, Path ownFiles) {}
