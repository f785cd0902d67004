/**
 * Proof: the whole program as a process that is killed under load before a store that fails, and
 * what landed compared with what was sent.
 *
 * <p>Takes a way to start the program, a way to send records, a way to look into the store; gives a
 * {@link io.delivery.proof.ProofReport}. Shared by {@code delivery prove} and the tests. Knows the
 * program only from outside: its command line, its API, its admin port, its objects.
 */
package io.delivery.proof;
