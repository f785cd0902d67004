package io.delivery.lane;

import java.util.List;

/**
 * What others may see of a lane at one moment.
 *
 * @param troubles one sentence each; empty when nothing is the matter
 * @param checkpoint every sequence below is settled
 * @param durableCheckpoint every sequence below is settled, and that is durable
 * @param diskBytes what the lane takes of the disk, or may come to take without reading on
 */
public record LaneSnapshot(
        LaneStatus status,
        List<String> troubles,
        long checkpoint,
        long durableCheckpoint,
        long diskBytes) {}
