/**
 * Path: what becomes of a record under one version of a definition: split, process, partition, and
 * one {@link io.delivery.lane.path.Fate} for each of its parts.
 *
 * <p>{@link io.delivery.lane.path.RecordPath} takes a record and gives fates; {@link
 * io.delivery.lane.path.ProcessingWindow} holds the parts that are with processors, in log order.
 * Neither knows a lane, a range, a buffer or a disk.
 */
package io.delivery.lane.path;
