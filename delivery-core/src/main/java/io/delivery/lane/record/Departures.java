package io.delivery.lane.record;

import io.delivery.engine.Engine;
import io.delivery.landing.Diversion;
import io.delivery.landing.Diversion.Looks;
import io.delivery.landing.LandingTask;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.GivenUp;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Redirect;
import io.delivery.lane.components.FoldersOfVersions;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.record.WaysOut.Choice;
import io.delivery.staging.Staging;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects that will not land under the key that they have: those whose key is asked for, those that
 * wait for the record that leads them elsewhere, and those that are gone and must not be seen.
 * Belongs to its lane's executor.
 */
final class Departures {
    private static final Logger log = LoggerFactory.getLogger(Departures.class);

    /** So many places are remembered: one of the definition in force is enough. */
    private static final int REMEMBERED = 64;

    private final Engine engine;
    private final LaneName name;
    private final Staging staging;
    private final LaneMeter meter;
    private final VoidWatch watch;
    private final WaysOut waysOut;

    /** Where the last objects of the main output have landed, the latest at the end. */
    private final Deque<WaysOut.Place> landed = new ArrayDeque<>(1);

    /** What is not in the state yet. */
    private final List<Decision> decisions = new ArrayList<>();

    /** Multipart uploads of the objects in question, by the objects' ids. */
    private final Map<String, String> uploads = new HashMap<>();

    /** What becomes of an object, with the place that it had. */
    private record Decision(ObjectRecord object, LaneRecord record) {}

    /**
     * Whether the key of an object is given up.
     *
     * @param kept why not; empty when it is
     */
    record Answer(Choice choice, Optional<String> kept) {}

    /** What follows from decisions that are durable. */
    record Consequences(List<GivenUp> readAgain, List<ObjectRecord> landElsewhere) {}

    Departures(Engine engine, LaneName name, Staging staging, LaneMeter meter, VoidWatch watch) {
        this.engine = engine;
        this.name = name;
        this.staging = staging;
        this.meter = meter;
        this.watch = watch;
        this.waysOut = new WaysOut(name, engine.stores());
    }

    // --- which, and whether their keys can be given up ---

    /** What a diversion asks for, object by object. */
    List<Choice> choices(Diversion diversion, LanePlan plan, Set<String> waiting) {
        return waysOut.choices(diversion, plan, waiting);
    }

    /** An object has landed: so the folders that the configuration gives its key can be used. */
    void landed(ObjectRecord object) {
        meter.landed(object);
        if (object.kind() == Kind.MAIN) {
            if (landed.size() == REMEMBERED) {
                landed.remove();
            }
            landed.add(WaysOut.Place.of(object));
        }
    }

    /** That the records of an object fail whose key is refused; nothing if an operator decides. */
    List<Choice> choices(Recorded.KeyRefused refused, LanePlan plan, FoldersOfVersions all) {
        return WaysOut.isOfTheData(refused.object(), landed, plan, all)
                ? List.of(WaysOut.ofRefusedKey(refused.object(), refused.said()))
                : List.of();
    }

    /** Asks for the keys of those for which there is a way out. */
    CompletionStage<List<Answer>> ask(
            List<Choice> choices, Looks looks, LandingTask.Listener lane) {
        CompletionStage<List<Answer>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Choice choice : choices) {
            CompletionStage<Optional<String>> kept =
                    choice.record().isEmpty()
                            ? CompletableFuture.completedFuture(Optional.empty())
                            : engine.landings().giveUp(name.stream(), choice.object(), lane, looks);
            all =
                    all.thenCombine(
                            kept,
                            (answers, why) -> {
                                answers.add(new Answer(choice, why));
                                return answers;
                            });
        }
        return all;
    }

    // --- what becomes of them ---

    /**
     * Whether the store that the object is to go to is still there: the key took time to give up.
     */
    boolean hasTarget(Choice choice) {
        return waysOut.hasTarget(choice);
    }

    /** The object lands no more under the key that it has; the record waits to be written. */
    void decide(ObjectRecord object, LaneRecord record) {
        decisions.add(new Decision(object, record));
    }

    /** Whether nothing waits to be written. */
    boolean areRecorded() {
        return decisions.isEmpty();
    }

    /**
     * The stores in which objects have to land: those that the plan names, and those that decisions
     * name which are not written yet. An attempt to write one may have written it.
     */
    Set<String> storesToLandIn(LanePlan plan) {
        Set<String> names = new TreeSet<>(plan.stores());
        for (Decision decision : decisions) {
            if (decision.record() instanceof Redirect redirect
                    && !redirect.store().equals(Redirect.LOCAL_FOLDER)) {
                names.add(redirect.store());
            }
        }
        return names;
    }

    /** What has to be written. */
    List<LaneRecord> records(LanePlan plan) {
        uploads.clear();
        for (Decision decision : decisions) {
            String upload = plan.uploadOf(decision.object());
            if (upload != null) {
                uploads.put(decision.object().id(), upload);
            }
        }
        return decisions.stream().map(Decision::record).toList();
    }

    /** All of that is durable. */
    Consequences recorded(LanePlan plan) {
        List<Decision> made = List.copyOf(decisions);
        decisions.clear();
        Consequences next = new Consequences(new ArrayList<>(), new ArrayList<>());
        for (Decision decision : made) {
            ObjectRecord object = decision.object();
            abort(object);
            if (!(decision.record() instanceof Redirect redirect)
                    || !redirect.name().equals(object.name())) {
                watch(object);
            }
            meter.decided(object, decision.record());
            if (decision.record() instanceof GivenUp given) {
                next.readAgain().add(given);
            } else if (decision.record() instanceof Redirect redirect) {
                next.landElsewhere()
                        .add(plan.rangeAt(object.rangeStart()).objects().get(object.number()));
                log.info(
                        "object redirected: {} from={}/{} to={}/{} records={}",
                        name,
                        object.store(),
                        object.name(),
                        redirect.store(),
                        redirect.name(),
                        object.records());
            } else {
                throw new IllegalStateException("no way out: " + decision.record());
            }
        }
        return next;
    }

    private void abort(ObjectRecord object) {
        String upload = uploads.remove(object.id());
        if (upload != null) {
            engine.stores().store(object.store()).abort(object.name(), upload);
        }
    }

    /** Nobody puts an object there any more: it is told if one is visible all the same. */
    void watch(ObjectRecord object) {
        watch.watch(object, staging.content(object.staged()));
    }
}
