package io.delivery.lane;

import io.delivery.crypt.StreamKeys;
import io.delivery.engine.DiskShares;
import io.delivery.landing.LaneState;
import io.delivery.lane.components.LaneName;
import io.delivery.log.Log;
import io.delivery.partition.OwnFolders;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a lane finds when it is opened.
 *
 * @param directory of the lane, with {@code staging} and {@code spool}
 * @param share of its stream
 * @param source the log that it reads
 * @param keys what its files are encrypted with
 * @param state as it was recovered; nothing is written yet
 * @param formerFolders of earlier versions of the definition whose objects wait, by version; one
 *     that is not known any more is left out
 */
public record LanePlace(
        LaneName name,
        Path directory,
        DiskShares.Share share,
        Log source,
        StreamKeys keys,
        LaneState state,
        Map<Integer, OwnFolders> formerFolders) {}
