/**
 * Code: what functions are made of, from the author's folder, {@code .zip} or {@code .jar} to a
 * folder of ours that processes work in.
 *
 * <p>Gives what files there are, a checksum, and {@link io.delivery.runtime.code.CodeStore}, which
 * unpacks a content once. Trusts no archive: names, links and sizes are held to limits. Knows no
 * runtime and no process.
 */
package io.delivery.runtime.code;
