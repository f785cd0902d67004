package io.delivery.lane.range;

import io.delivery.buffer.RecordBuffer;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.partition.BoundPrefix;

/** One buffer, open or closed, and the object that it will become. */
public record PartitionBuffer(Kind kind, BoundPrefix prefix, RecordBuffer records) {}
