/**
 * Proof: the whole program as real processes, killed and stopped, its objects compared with what
 * was sent.
 */
package io.delivery.proof;
