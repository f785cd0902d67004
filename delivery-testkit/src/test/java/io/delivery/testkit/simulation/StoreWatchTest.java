package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Landed;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecords;
import io.delivery.landing.LocalLaneState;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.record.Incarnation;
import io.delivery.testkit.DiskCall.Kind;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreWatchTest {
    private static final Path DATA = Path.of("/data");
    private static final Incarnation INCARNATION = new Incarnation(1, 2);
    private static final SampleContent CONTENT = SampleContent.of("twenty bytes of this");

    private final SimWorld sim = SimWorld.seeded(1);
    private final Path home = DATA.resolve("streams").resolve("clicks~1");
    private final Path lane = home.resolve("lanes").resolve("main-1");
    private final ObjectRecord object = LaneRecords.object(0, 5);
    private final SimulatedLake lake = new MemoryLake(sim);
    private final DurableState durable = new DurableState(sim, DATA);
    private final StoreWatch watch = new StoreWatch(durable, new Counts());

    /** A lane that has recorded and landed an object. */
    private LocalLaneState state;

    @BeforeEach
    void an_object_lands() throws IOException {
        durable.bytesMayRot(); // its staged file is there, and what is in it does not matter here
        sim.disk().createDirectories(lane.resolve("staging"));
        for (Path at = lane.resolve("staging"); at.getParent() != null; at = at.getParent()) {
            sim.disk().syncDirectory(at.getParent());
        }
        String meta = "delivery stream 1\nclicks\n%s\n0\nmain-1\n".formatted(INCARNATION.hex());
        sim.disk().plant(home.resolve("stream.meta"), meta.getBytes(StandardCharsets.UTF_8));
        sim.disk().plant(lane.resolve("staging").resolve(object.staged().file()), new byte[20]);

        ObjectStore store = watch.open(lake.open(sim.world()));
        state = recovered();
        state.append(List.of(object));
        land(store);
        sim.scheduler().runUntilIdle();
        assertThat(lake.visible()).containsKey(object.name());
    }

    private LocalLaneState recovered() throws IOException {
        return LocalLaneState.recover(lane, INCARNATION, "", 0, sim.world());
    }

    private void land(ObjectStore store) {
        store.land(CONTENT, object.name(), object.attributes(), UploadListener.IGNORE);
    }

    /** The record becomes durable, and the lane is told that the append has failed. */
    private void appendLandedAndFail() {
        sim.disk()
                .failNext(
                        call -> call.kind() == Kind.SYNC && call.touches("marks"),
                        new IOException("Input/output error"));
        assertThatThrownBy(() -> state.append(List.of(new Landed(0, 0, "etag"))))
                .hasMessageContaining("Input/output error");
    }

    /** The power goes, and a process follows that may not look. */
    private ObjectStore afterAPowerCut() throws IOException {
        sim.disk().powerCutLosingAllUnsynced();
        sim.restart();
        ObjectStore store = watch.open(lake.open(sim.world()));
        sim.store().forbidLooking();
        store.find(object.name(), object.attributes(), CONTENT);
        sim.scheduler().runUntilIdle();
        return store;
    }

    @Test
    void what_is_durably_said_to_have_landed_must_not_be_requested_again() throws IOException {
        state.append(List.of(new Landed(0, 0, "etag")));
        durable.check(lake);
        ObjectStore store = afterAPowerCut();

        assertThatThrownBy(() -> land(store)).hasMessageContaining("durable that it has landed");
        assertThatThrownBy(watch::check).hasMessageContaining("durable that it has landed");
    }

    @Test
    void a_landing_that_a_failed_append_made_durable_may_be_taken_back_and_requested_again()
            throws IOException {
        appendLandedAndFail();
        durable.check(lake);
        assertThat(durable.saidToHaveLanded(object.name())).as("behind the failure").isTrue();

        state.own();
        durable.check(lake);
        assertThat(durable.saidToHaveLanded(object.name())).as("in the new file").isFalse();

        land(afterAPowerCut());
        watch.check();
    }

    /** Nobody was told that the object has landed, so nobody may have removed its bytes. */
    @Test
    void a_landing_that_is_taken_back_needs_its_staged_bytes() throws IOException {
        appendLandedAndFail();
        sim.disk().delete(lane.resolve("staging").resolve(object.staged().file()));
        durable.check(lake);

        state.own();

        assertThatThrownBy(() -> durable.check(lake)).hasMessageContaining("its bytes are gone");
    }
}
