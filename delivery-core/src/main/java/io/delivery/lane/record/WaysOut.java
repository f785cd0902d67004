package io.delivery.lane.record;

import io.delivery.engine.Stores;
import io.delivery.landing.Diversion;
import io.delivery.landing.Diversion.LocalFolder;
import io.delivery.landing.Diversion.Way;
import io.delivery.landing.Diverted.Outcome;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Redirect;
import io.delivery.landing.LaneRecord.Skip;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.lane.components.FoldersOfVersions;
import io.delivery.lane.components.LaneName;
import io.delivery.partition.OwnFolders;
import io.delivery.record.ObjectName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which record leads an object that does not land out of where it is. Decides and does nothing. */
final class WaysOut {
    /** The code of records whose object an operator has skipped. */
    private static final String SKIPPED = "Delivery.Skipped";

    /** The code of records whose object has a key that the store refuses. */
    private static final String KEY_REFUSED = "Delivery.KeyRefused";

    /** Of a store's words in the reason of each record. */
    private static final int LONGEST_REASON = 500;

    private final LaneName name;
    private final Stores stores;

    WaysOut(LaneName name, Stores stores) {
        this.name = name;
        this.stores = stores;
    }

    /** An object, and the record that leads it out, or why there is none. */
    record Choice(ObjectRecord object, Optional<LaneRecord> record, Outcome outcome) {
        static Choice none(ObjectRecord object, Outcome outcome) {
            return new Choice(object, Optional.empty(), outcome);
        }
    }

    /**
     * What is to be done with the objects that a diversion is about.
     *
     * @param waiting ids of those that wait to land
     */
    List<Choice> choices(Diversion diversion, LanePlan plan, Set<String> waiting) {
        List<Choice> choices = new ArrayList<>();
        for (RangePlan range : plan.ranges()) {
            for (ObjectRecord object : range.objects()) {
                if (diversion.which().includes(object) && !range.isVoid(object)) {
                    choices.add(
                            waiting.contains(object.id())
                                    ? choice(diversion.way(), range, object)
                                    : Choice.none(
                                            object, new Outcome.Unchanged(why(range, object))));
                }
            }
        }
        return choices;
    }

    private static String why(RangePlan range, ObjectRecord object) {
        return range.seen(object)
                ? "it has landed already"
                : "its key is just being given up, or the lane still recovers: ask again";
    }

    private Choice choice(Way way, RangePlan range, ObjectRecord object) {
        if (way instanceof Way.Redirect redirect) {
            return redirect(redirect, range, object);
        }
        if (way instanceof Way.Skip skip) {
            return skip(skip, object);
        }
        throw new IllegalStateException("a way out that is not known: " + way);
    }

    private Choice redirect(Way.Redirect way, RangePlan range, ObjectRecord object) {
        String store = way.storeOf(object);
        ObjectName to = way.nameOf(object);
        if (store.equals(object.store()) && to.equals(object.name())) {
            return Choice.none(object, new Outcome.Unchanged("that is where it is to land now"));
        }
        if (range.wasToLandAs(object, to)) {
            return Choice.none(
                    object,
                    new Outcome.Unchanged(
                            "it was to land as %s before, and such a key is never requested again: name another PREFIX"
                                    .formatted(to)));
        }
        if (store.equals(Redirect.LOCAL_FOLDER)) {
            return Choice.none(
                    object,
                    new Outcome.Unchanged(
                            "it goes into the local folder: name the store as well, STORE/BUCKET"));
        }
        if (!mayTake(store)) {
            return Choice.none(
                    object, new Outcome.Unchanged("no store %s is configured".formatted(store)));
        }
        Optional<Denied> refusal = stores.store(store).refusal(to);
        if (refusal.isPresent()) {
            return Choice.none(object, new Outcome.Unchanged(refusal.get().text()));
        }
        return new Choice(
                object,
                Optional.of(
                        new Redirect(
                                object.rangeStart(), object.number(), store, to, "redirected")),
                new Outcome.Redirected(store, to));
    }

    private boolean mayTake(String store) {
        return stores.store(store) != null && stores.isConfigured(store);
    }

    /** False when it leads into a store that is not configured any more. */
    boolean hasTarget(Choice choice) {
        return choice.record()
                .filter(Redirect.class::isInstance)
                .map(record -> mayTake(((Redirect) record).store()))
                .orElse(true);
    }

    private Choice skip(Way.Skip way, ObjectRecord object) {
        if (object.kind() == Kind.MAIN) {
            return new Choice(
                    object,
                    Optional.of(
                            skip(
                                    object,
                                    SKIPPED,
                                    "Its object could not land and was skipped: %s/%s"
                                            .formatted(object.store(), object.name()))),
                    new Outcome.ToErrorOutput());
        }
        if (object.isKeptLocally()) {
            return Choice.none(
                    object, new Outcome.Unchanged("it goes into the local folder already"));
        }
        if (way.folder() == LocalFolder.ASKS_FIRST) {
            return Choice.none(object, new Outcome.AsksFirst());
        }
        ObjectName kept = inFolder(object);
        return new Choice(
                object,
                Optional.of(
                        new Redirect(
                                object.rangeStart(),
                                object.number(),
                                Redirect.LOCAL_FOLDER,
                                kept,
                                "skipped")),
                new Outcome.ToLocalFolder(kept));
    }

    /** Its mark is its file's name: no other object has it, and every file system takes it. */
    private ObjectName inFolder(ObjectRecord object) {
        return new ObjectName(
                name.stream() + "~" + name.incarnation().hex().substring(0, 8),
                object.attributes().mark().replace('/', '-'));
    }

    /** Where an object of the main output landed. */
    record Place(int definitionVersion, String store, ObjectName name) {
        static Place of(ObjectRecord object) {
            return new Place(object.definitionVersion(), object.store(), object.name());
        }

        /**
         * Whether both keys are made alike and begin with the same folders, as far as the
         * configuration gives them.
         */
        boolean isBeside(Place other, OwnFolders folders, FoldersOfVersions all) {
            return (definitionVersion == other.definitionVersion
                            || all.of(other.definitionVersion).filter(folders::equals).isPresent())
                    && store.equals(other.store)
                    && name.bucket().equals(other.name.bucket())
                    && folders.of(name.key()).equals(folders.of(other.name.key()));
        }
    }

    /**
     * Whether values of the records are certainly what makes a refused key: then one record must
     * not stop a stream. That is known when the same folders of the configuration hold another
     * object that has landed, in this process or in a range that is not committed, and whose key
     * was made alike: by the same version of the definition or by another with the same prefix.
     * Otherwise all objects may be refused, which is the configuration's matter, and an operator's
     * to lead elsewhere.
     *
     * @param landed where objects have landed of late
     * @param all the folders of each version: the object is judged by those of its own
     */
    static boolean isOfTheData(
            ObjectRecord refused, Collection<Place> landed, LanePlan plan, FoldersOfVersions all) {
        Optional<OwnFolders> own = all.of(refused.definitionVersion());
        if (refused.kind() != Kind.MAIN || own.isEmpty() || !own.get().partitioned()) {
            return false;
        }
        OwnFolders folders = own.get();
        Place place = Place.of(refused);
        if (landed.stream().anyMatch(other -> place.isBeside(other, folders, all))) {
            return true;
        }
        for (RangePlan range : plan.ranges()) {
            for (ObjectRecord object : range.objects()) {
                if (object.kind() == Kind.MAIN
                        && range.seen(object)
                        && !range.isVoid(object)
                        && place.isBeside(Place.of(object), folders, all)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** For an object whose key the store refuses, unless somebody asks for something else. */
    static Choice ofRefusedKey(ObjectRecord object, String said) {
        return new Choice(
                object,
                Optional.of(
                        skip(
                                object,
                                KEY_REFUSED,
                                "The store does not take the key of its object: " + said)),
                new Outcome.ToErrorOutput());
    }

    private static Skip skip(ObjectRecord object, String code, String reason) {
        String shortened =
                reason.length() <= LONGEST_REASON
                        ? reason
                        : reason.substring(0, LONGEST_REASON) + "…";
        return new Skip(object.rangeStart(), object.number(), code, shortened);
    }
}
