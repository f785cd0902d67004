package io.delivery.lane;

import io.delivery.failure.OpenedSoFar;
import io.delivery.lane.components.LaneComponents;
import io.delivery.partition.OwnFolders;
import io.delivery.record.Incarnation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The components of the definition that is in force, of the one that is to take effect between two
 * ranges, and of those that are not in force any more but still used. Opens each when it takes
 * effect, and closes it when nothing uses it. Belongs to its lane's executor.
 */
final class Definitions {
    private final List<LaneComponents> outdated = new ArrayList<>();
    private final Incarnation stream;

    /** Of each version that was in force, or has left objects: a few numbers for each. */
    private final Map<Integer, OwnFolders> folders = new HashMap<>();

    private LaneComponents inForce;
    private LaneComponents next;
    private CompletableFuture<Void> switched;

    Definitions(LaneComponents inForce, LanePlace place) {
        this.inForce = inForce;
        this.stream = place.name().incarnation();
        folders.putAll(place.formerFolders());
        note(inForce);
    }

    private void note(LaneComponents components) {
        folders.put(components.definitionVersion(), components.keys().ownFolders());
    }

    /** The folders of a version's keys; empty when objects of it were not known at the start. */
    Optional<OwnFolders> folders(int version) {
        return Optional.ofNullable(folders.get(version));
    }

    LaneComponents inForce() {
        return inForce;
    }

    /** Opens the components of the first definition, which has been accepted. */
    void open() {
        inForce.open(stream);
    }

    /**
     * Asks for a change. When several wait, only the newest definition takes effect; the callers
     * who asked for older ones are answered when it has.
     */
    void change(LaneComponents asked, CompletableFuture<Void> done) {
        LaneComponents overtaken = next;
        CompletableFuture<Void> older = switched;
        next = asked; // first: what closing throws must not leave it without an owner
        switched = done;
        if (overtaken != null) {
            done.whenComplete((changed, refused) -> answer(older, refused));
            overtaken.close();
        }
    }

    private static void answer(CompletableFuture<Void> older, Throwable refused) {
        if (refused == null) {
            older.complete(null);
        } else {
            older.completeExceptionally(refused);
        }
    }

    /** Whether another definition than this one is in force, or waits. */
    boolean overtake(LaneComponents components) {
        return next != null || components != inForce;
    }

    /** Whether another definition waits to take effect. */
    boolean changes() {
        return next != null;
    }

    /**
     * Puts the definition that waits into force. Whoever asked for it is told also when it does not
     * open.
     */
    void takeEffect() {
        outdated.add(inForce);
        inForce = next;
        next = null;
        try {
            note(inForce);
            inForce.open(stream);
        } catch (RuntimeException | Error defect) {
            switched.completeExceptionally(defect);
            throw defect;
        }
        switched.complete(null);
    }

    /**
     * Closes those that are not in force and that nothing uses any more.
     *
     * @throws RuntimeException what closing one of them throws first, or an {@link Error}; all are
     *     closed then, as far as they can be
     */
    void closeUnless(Predicate<LaneComponents> used) {
        List<LaneComponents> unused = outdated.stream().filter(used.negate()).toList();
        outdated.removeAll(unused);
        OpenedSoFar all = new OpenedSoFar();
        unused.forEach(components -> all.add(components::close));
        all.close();
    }

    /**
     * Ends all processing, because the lane stops: none is in force any more, no change takes
     * effect, and what nothing uses is closed.
     */
    void stop(String reason, Predicate<LaneComponents> used) {
        List<Runnable> all = new ArrayList<>();
        if (next != null) {
            LaneComponents refused = next;
            all.add(() -> refuse(refused, switched, reason));
            next = null;
        }
        outdated.add(inForce);
        all.add(() -> closeUnless(used));
        all.add(this::stopProcessing);
        OpenedSoFar.closeAll(all);
    }

    private void stopProcessing() {
        OpenedSoFar all = new OpenedSoFar();
        outdated.forEach(components -> all.add(components::stopProcessing));
        all.close();
    }

    /** Refuses a change of a lane that has stopped. */
    static void refuse(LaneComponents asked, CompletableFuture<Void> done, String reason) {
        try {
            asked.close();
        } finally {
            done.completeExceptionally(new IllegalStateException(reason));
        }
    }
}
