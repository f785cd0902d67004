/**
 * Watching: files that are used again when their contents change, while the service runs.
 *
 * <p>Takes files and what uses them; gives the reasons why changed ones are not in force. Looks at
 * contents and at nothing else, so that it does not matter how a file is replaced: in place, by a
 * rename, or by another target of a symbolic link, as Kubernetes does. Knows no format.
 */
package io.delivery.watching;
