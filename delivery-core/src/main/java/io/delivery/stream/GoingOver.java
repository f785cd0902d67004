package io.delivery.stream;

import io.delivery.home.LaneEntry;
import io.delivery.lane.Lane;
import io.delivery.lane.components.LaneComponents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What lanes are about to go over to. All of it is there before it begins, so that nothing is kept
 * from one lane that another one has got.
 */
record GoingOver(Map<Lane, LaneComponents> next) {
    /**
     * @param components of each log's lanes, by the log's name
     */
    static GoingOver of(List<Lane> lanes, Map<String, StreamComponents> components) {
        Map<Lane, LaneComponents> next = new LinkedHashMap<>();
        for (Lane lane : lanes) {
            StreamComponents ofItsLog = components.get(LaneEntry.logOf(lane.name()));
            next.put(lane, ofItsLog.of(LaneEntry.kindOf(lane.name())));
        }
        return new GoingOver(next);
    }

    /**
     * Gives every lane what it goes on with; it closes that from then on.
     *
     * @return completes when all have switched
     */
    CompletionStage<Void> begin() {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (Map.Entry<Lane, LaneComponents> each : next.entrySet()) {
            all = all.thenCombine(each.getKey().replace(each.getValue()), (a, b) -> null);
        }
        return all;
    }
}
