/**
 * Crypt: the keys that records on the disk are encrypted with, and the cipher that uses them.
 *
 * <p>A {@link io.delivery.crypt.MasterKey} of the operator wraps the {@link
 * io.delivery.crypt.DataKey}s of each stream; a data key gives each file a {@link
 * io.delivery.crypt.FileKey} of its own. {@link io.delivery.crypt.StreamKeys} says which data keys
 * a stream has and which one is used for what is written now. AES-256-GCM and HKDF of the JDK; uses
 * {@code record} and {@code world}. Knows no file. Decision 60 tells why it is safe.
 */
package io.delivery.crypt;
