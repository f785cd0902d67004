/**
 * Signing: Signature Version 4, as a server that checks it and as a client that makes it.
 *
 * <p>The server's side answers who calls and what they may do ({@link
 * io.delivery.api.signing.Caller}), or refuses in the contract's words. Knows no stream.
 */
package io.delivery.api.signing;
