package io.delivery.verify;

import io.delivery.landing.CommittedRange;
import io.delivery.landing.LaneDamagedException;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneStateInspection;
import io.delivery.ledger.LedgerReader;
import io.delivery.partition.KeyForm;
import io.delivery.verify.PlaceCheck.Expected;
import io.delivery.verify.PlaceCheck.Wanted;
import io.delivery.world.Disk;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Compares the stores with the records: each landed object is looked at, then each bucket is listed
 * and what nobody recorded is asked after.
 */
final class ObjectCheck {
    private final List<StreamCheck> all;
    private final Scope scope;
    private final ListedStores stores;
    private final Watcher watcher;
    private final World world;
    private final Findings findings;
    private final Map<Place, PlaceCheck> places = new TreeMap<>();
    private KeySet known = new KeySet();
    private KeySet underWay = new KeySet();
    private long looked;

    /**
     * @param all every stream of the data directory, so that keys and marks can be told apart
     */
    ObjectCheck(
            List<StreamCheck> all,
            Scope scope,
            ListedStores stores,
            Watcher watcher,
            World world,
            Findings findings) {
        this.all = all;
        this.scope = scope;
        this.stores = stores;
        this.watcher = watcher;
        this.world = world;
        this.findings = findings;
    }

    /**
     * @param configured buckets that streams write to, whether or not an object is recorded there
     */
    List<PlaceReport> run(Collection<Place> configured) throws IOException {
        for (Place place : configured) {
            place(place);
        }
        for (StreamCheck stream : chosen()) {
            walk(stream, this::look);
        }
        for (PlaceCheck place : places.values()) {
            place.finishLooking();
        }
        KeyForm form = new KeyForm(all.stream().map(s -> s.stream().name()).toList());
        boolean strange = false;
        for (PlaceCheck place : places.values()) {
            strange |= place.list(form, known, underWay);
        }
        if (strange) {
            askAfter();
        }
        List<PlaceReport> reports = new ArrayList<>();
        places.values().forEach(place -> reports.add(place.report()));
        return reports;
    }

    private List<StreamCheck> chosen() {
        return all.stream().filter(s -> scope.includesStream(s.stream().name())).toList();
    }

    private PlaceCheck place(Place place) {
        PlaceCheck check = places.get(place);
        if (check == null) {
            check = new PlaceCheck(place, stores.store(place.store()), scope, findings, watcher);
            places.put(place, check);
        }
        return check;
    }

    /** A stream may have landed and recorded objects since its records were read. */
    private void askAfter() throws IOException {
        known = new KeySet();
        underWay = new KeySet();
        for (StreamCheck stream : chosen()) {
            walk(stream, (wanted) -> {});
        }
        Marks marks = new Marks(all, world.clock().millis());
        for (PlaceCheck place : places.values()) {
            place.askAfter(known, underWay, marks);
        }
    }

    /** All objects become known; those of committed ranges are shown, and those given up. */
    private void walk(StreamCheck stream, Consumer<Wanted> visitor) throws IOException {
        Disk disk = world.disk();
        for (LaneReport lane : List.copyOf(stream.lanes())) {
            Path directory = stream.stream().directory().resolve("lanes").resolve(lane.lane());
            try {
                LaneWalk walk = LaneWalk.of(directory, disk, new Committed(lane, visitor));
                walk.plan().ifPresent(plan -> uncommitted(plan, lane, visitor));
            } catch (LaneDamagedException sinceThen) {
                findings.add(
                        new Finding(
                                Finding.Kind.DAMAGED,
                                lane.stream(),
                                lane.lane(),
                                "state",
                                sinceThen.getMessage()));
                stream.cannotBeRead(lane);
            }
        }
        for (String lane : stream.unreadableLanes()) {
            believed(stream.stream().directory().resolve("lanes").resolve(lane));
        }
    }

    /** What can be believed of a lane that cannot be read as a whole is known all the same. */
    private void believed(Path lane) {
        try {
            LaneStateInspection state = LaneStateInspection.of(lane, world.disk());
            state.plan().ranges().forEach(this::uncommitted);
            state.committed().forEach(range -> range.range().objects().forEach(this::known));
            LedgerReader.read(
                    lane,
                    world.disk(),
                    new LedgerReader.Visitor() {
                        @Override
                        public void committed(CommittedRange range) {
                            range.range().objects().forEach(ObjectCheck.this::known);
                        }

                        @Override
                        public void damaged(Path file, long from, long to, String reason) {
                            // What it held is as untold as the rest of this lane.
                        }
                    });
        } catch (IOException unreadable) {
            // It is told of already.
        }
    }

    private void known(ObjectRecord object) {
        add(known, object);
        if (object.isKeptLocally()) {
            return;
        }
        place(new Place(object.store(), object.name().bucket()));
    }

    private static void add(KeySet keys, ObjectRecord object) {
        keys.add(KeySet.ANY_STORE, object.name().bucket(), object.name().key());
    }

    private final class Committed implements LaneWalk.Visitor {
        private final LaneReport lane;
        private final Consumer<Wanted> visitor;

        Committed(LaneReport lane, Consumer<Wanted> visitor) {
            this.lane = lane;
            this.visitor = visitor;
        }

        @Override
        public void committed(CommittedRange range) {
            for (ObjectRecord object : range.range().objects()) {
                add(known, object);
                // A late request may have landed one that was given up.
                Expected expected =
                        range.range().isVoid(object) ? Expected.NOWHERE : Expected.THERE;
                OptionalLong settled = OptionalLong.of(range.atMillis());
                visitor.accept(new Wanted(lane.stream(), lane.lane(), object, settled, expected));
            }
            abandoned(range.range(), lane, OptionalLong.of(range.atMillis()), visitor);
        }

        @Override
        public void lost(Path ledger, String what) {
            // The books tell.
        }

        @Override
        public void damaged(Path file, long fromByte, long toByte, String reason) {
            // Told of with the books.
        }
    }

    private void uncommitted(LanePlan plan, LaneReport lane, Consumer<Wanted> visitor) {
        for (RangePlan range : plan.ranges()) {
            uncommitted(range);
            for (ObjectRecord object : range.voided()) {
                OptionalLong notYet = OptionalLong.empty();
                visitor.accept(
                        new Wanted(lane.stream(), lane.lane(), object, notYet, Expected.NOWHERE));
            }
            for (ObjectRecord object : range.live()) {
                if (range.hasLanded(object)) {
                    OptionalLong notYet = OptionalLong.empty();
                    visitor.accept(
                            new Wanted(lane.stream(), lane.lane(), object, notYet, Expected.THERE));
                }
            }
            abandoned(range, lane, OptionalLong.empty(), visitor);
        }
    }

    /** Nobody puts a redirected object where it was to land before. */
    private void abandoned(
            RangePlan range, LaneReport lane, OptionalLong settled, Consumer<Wanted> visitor) {
        for (ObjectRecord object : range.abandoned()) {
            add(known, object);
            visitor.accept(
                    new Wanted(lane.stream(), lane.lane(), object, settled, Expected.NOWHERE));
        }
    }

    private void uncommitted(RangePlan range) {
        for (ObjectRecord object : range.objects()) {
            known(object);
            add(underWay, object);
        }
        range.abandoned().forEach(this::known);
    }

    private void look(Wanted wanted) {
        ObjectRecord object = wanted.object();
        if (object.isKeptLocally()) {
            return; // in no store; whoever had it skipped may have taken it away
        }
        PlaceCheck place = place(new Place(object.store(), object.name().bucket()));
        OptionalLong settled = wanted.settledMillis();
        if ((settled.isEmpty() || scope.includesTime(settled.getAsLong()))
                && object.name().key().startsWith(scope.prefix())) {
            place.look(wanted);
            watcher.looked(++looked);
        }
    }
}
