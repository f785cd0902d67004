/**
 * File: files that a person or another program has written, read as a whole.
 *
 * <p>{@link io.delivery.file.BoundedFile} reads regular files of a sensible length, and refuses
 * what may never end; {@link io.delivery.file.FileDigest} tells their contents apart. Rooms outside
 * the core may see this one; the core reads its own files through {@code world}. It sees {@code
 * config}.
 */
package io.delivery.file;
