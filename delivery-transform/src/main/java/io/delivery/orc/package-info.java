/**
 * ORC: writes typed rows as an ORC file.
 *
 * <p>{@link io.delivery.orc.OrcFormat} begins files that stream stripes out as they fill; memory is
 * bounded by the settings, whatever the file's size. The same rows give the same bytes. Implements
 * the port {@code format}; knows no JSON, no catalog and no file system. Of Hadoop it needs a class
 * for settings and a stream that counts.
 */
package io.delivery.orc;
