package io.delivery.lane.record;

import io.delivery.engine.Stores;
import io.delivery.failure.RepeatedFailure;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Presence;
import io.delivery.lane.components.LaneName;
import io.delivery.staging.StagedContent;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether an object that was given up is visible after all. A request may
 * outlive everything that is known of requests; the object's records are in the store twice then,
 * and somebody must be told. Belongs to the lane's executor.
 *
 * <p>Knows the objects that became void in this process, and those of ranges that were not
 * committed when it started; {@code delivery verify --store} knows all that the ledger holds.
 */
final class VoidWatch {
    private static final Logger log = LoggerFactory.getLogger(VoidWatch.class);

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Behind a disk that loses everything the oldest are forgotten. */
    private static final int MOST = 1000;

    private final Executor executor;
    private final Runnable changed;
    private final World world;
    private final Stores stores;
    private final LaneName name;
    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private final Map<Place, RepeatedFailure> looking = new HashMap<>(1);

    private Scheduler.Cancellable timer = () -> {};
    private Duration pause = FIRST;
    private boolean looks;

    private static final class Watched {
        private final ObjectRecord object;
        private final StagedContent content;
        private boolean visible;
        private boolean asked;
        private boolean unseen;

        Watched(ObjectRecord object, StagedContent content) {
            this.object = object;
            this.content = content;
        }

        Place place() {
            return new Place(object.store(), object.name().bucket());
        }
    }

    /** Rights to look are given for buckets. */
    private record Place(String store, String bucket) {}

    /**
     * @param stores is asked for an object's store at each look: a store may be closed, and another
     *     one be opened under its name
     * @param executor the lane's
     * @param changed called when what is visible has changed
     */
    VoidWatch(World world, Stores stores, LaneName name, Executor executor, Runnable changed) {
        this.executor = executor;
        this.changed = changed;
        this.world = world;
        this.stores = stores;
        this.name = name;
    }

    /**
     * Begins to look for this object.
     *
     * @param content what was recorded of it; its bytes need not be there any more
     */
    void watch(ObjectRecord object, StagedContent content) {
        if (watched.size() == MOST) {
            watched.remove(leastWanted());
        }
        watched.put(
                object.id() + " " + object.store() + "/" + object.name(),
                new Watched(object, content));
        if (!looks || pause.compareTo(FIRST) > 0) {
            looks = true;
            pause = FIRST;
            lookLater();
        } // otherwise the next look is soon enough, however many are given up
    }

    /** The oldest; one that is visible only when all are. */
    private String leastWanted() {
        for (Map.Entry<String, Watched> one : watched.entrySet()) {
            if (!one.getValue().visible) {
                return one.getKey();
            }
        }
        return watched.keySet().iterator().next();
    }

    private void lookLater() {
        timer.cancel();
        timer = world.scheduler().after(pause, executor, this::look);
    }

    private void look() {
        if (watched.isEmpty()) {
            return; // the lane has stopped meanwhile
        }
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        lookLater();
        for (Watched one : List.copyOf(watched.values())) {
            ObjectStore store = stores.store(one.object.store());
            // One that does not answer is not asked more and more; one that is gone may come back.
            if (!one.asked && store != null) {
                one.asked = true;
                found(one, store)
                        .whenCompleteAsync((found, failure) -> seen(one, found, failure), executor);
            }
        }
    }

    /** A store that throws instead of answering is one that cannot be looked into. */
    private static CompletionStage<Found> found(Watched one, ObjectStore store) {
        try {
            return store.find(one.object.name(), one.object.attributes(), one.content);
        } catch (RuntimeException defect) {
            return CompletableFuture.failedFuture(defect);
        }
    }

    /** What nobody has seen changes nothing of what was seen last. */
    private void seen(Watched one, Found found, Throwable failure) {
        one.asked = false;
        if (!watched.containsValue(one)) {
            return; // it was the oldest of too many, or the lane has stopped
        }
        tellWhetherOneCanLook(one, found, failure);
        boolean ours = found != null && found.presence() == Presence.OURS;
        boolean absent = found != null && found.presence() == Presence.ABSENT;
        if (ours && !one.visible) {
            one.visible = true;
            log.error(
                    "an object that was given up is visible: object={} error={}",
                    one.object.name(),
                    sentence(one.object));
            changed.run();
        } else if (absent && one.visible) {
            one.visible = false;
            changed.run();
        }
    }

    private RepeatedFailure lookingIn(Place place) {
        return RepeatedFailure.of(
                log,
                "looking for objects that were given up",
                world.clock()::nanoTime,
                "stream",
                name.stream(),
                "lane",
                name.lane(),
                "store",
                place.store(),
                "bucket",
                place.bucket());
    }

    /** It works again where nothing is left that the last look for it has not shown. */
    private void tellWhetherOneCanLook(Watched one, Found found, Throwable failure) {
        Place place = one.place();
        RepeatedFailure looking = this.looking.computeIfAbsent(place, this::lookingIn);
        one.unseen = true;
        if (failure != null) {
            looking.failed(failure, "object", one.object.name());
        } else if (found.presence() == Presence.UNKNOWN) {
            looking.failed(found.reason(), "object", one.object.name());
        } else if (found.presence() == Presence.FORBIDDEN) {
            looking.failed(
                    "the store forbids to look, so nobody can know whether it is visible",
                    "object",
                    one.object.name());
        } else {
            one.unseen = false;
            if (watched.values().stream()
                    .noneMatch(other -> other.unseen && other.place().equals(place))) {
                looking.worked();
            }
        }
    }

    /** Objects that are void and visible, when they were last looked for. */
    int visible() {
        if (watched.isEmpty()) {
            return 0; // asked with each object that lands
        }
        return (int) watched.values().stream().filter(one -> one.visible).count();
    }

    /** What is the matter with each of them. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (Watched one : watched.values()) {
            if (one.visible) {
                sentences.add(sentence(one.object));
            }
        }
        return sentences;
    }

    private static String sentence(ObjectRecord object) {
        return "%s/%s was given up and is visible all the same: its %s in the store twice. Remove exactly this object; nobody puts it there again"
                .formatted(
                        object.store(),
                        object.name(),
                        object.records() == 1 ? "record is" : object.records() + " records are");
    }

    /** Nothing is looked for any more. */
    void close() {
        timer.cancel();
        watched.clear();
    }
}
