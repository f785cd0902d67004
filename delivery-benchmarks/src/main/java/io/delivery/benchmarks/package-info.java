/**
 * Benchmarks: what the service costs on this machine, beside what it is compared with.
 *
 * <p>One command each, started by {@code delivery-benchmarks/run}; what was measured is in {@code
 * docs/benchmarks.md}. Both sides of a ratio are measured in turns in one run, because the machine
 * is never as quiet as one would like. No part of the product.
 */
package io.delivery.benchmarks;
