/**
 * ORC files as ORC's own reader sees them, for the tests of what writes them.
 *
 * <p>Files come as bytes; no file system of Hadoop's is set up. Nothing of ours that writes is
 * used.
 */
package io.delivery.testkit.orc;
