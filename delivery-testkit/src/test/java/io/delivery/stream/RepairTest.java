package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.lane.Books;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.SequencedRecord;
import io.delivery.testkit.DiskCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class RepairTest {
    /** Drops one kind of record, from some time on: it may answer differently each time. */
    private static final class ChangingItsMind implements Processor {
        private String dropped = "nothing";

        @Override
        public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
            return CompletableFuture.completedFuture(records.stream().map(this::outcome).toList());
        }

        private Outcome outcome(DeliveryRecord record) {
            return record.toUtf8().equals(dropped)
                    ? new Outcome.Dropped()
                    : new Outcome.Ok(record.toByteArray(), PartitionKeys.NONE);
        }
    }

    @Test
    void what_one_repair_dropped_the_next_one_does_not_make_again() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        ChangingItsMind processor = new ChangingItsMind();
        world.processWith(processor);
        world.killAndRestart();
        world.storeRefuses();
        world.put("one");
        world.put("two");
        world.put("three");
        world.pass(Duration.ofSeconds(61));
        List<Path> first = world.staged();
        assertThat(first).hasSize(1);

        world.nextStagedRots(List.of());
        processor.dropped = "two";
        world.storeComesBack();
        world.killAndRestart(); // it is read at once, and not after the store's pause
        world.nextStagedRots(first);
        processor.dropped = "nothing";
        world.pass(Duration.ofMinutes(5));

        Books books = world.lane().books();
        assertThat(books.dropped()).isEqualTo(1);
        assertThat(books.landed()).isEqualTo(2);
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
        assertThat(world.objects("main/")).containsExactly("onethree".length());
        assertThat(world.troubles()).isEmpty();
    }

    @Test
    void a_repair_is_recorded_once_although_its_spool_stays() throws IOException {
        HintsWorld world = HintsWorld.partitioned(128, 60, 50, 64 << 10);
        world.storeRefuses();
        for (int i = 0; i < 20; i++) {
            world.putBytes("k%02d:".formatted(i), 8000);
        }
        world.pass(Duration.ofSeconds(61));
        for (Path file : world.staged()) {
            for (int at = 0; at < world.disk().bytes(file).length; at += 4000) {
                world.disk().flipBit(file, at * 8L); // in each of its objects
            }
        }
        world.storeComesBack();
        world.killAndRestart();
        List<String> faults = new ArrayList<>();
        world.disk().onFault(faults::add);
        world.disk()
                .failEvery(
                        call ->
                                call.kind() == DiskCall.Kind.DELETE
                                        && call.path().getParent().endsWith("spool"),
                        new IOException("injected"));
        world.pass(Duration.ofMinutes(5));

        assertThat(faults).contains("delete failed");
        assertThat(world.objects("p=k").stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(20 * 8000);
        assertThat(world.lane().books().settled()).isTrue();
        assertThat(world.troubles()).isEmpty();
    }

    @Test
    void a_start_whose_first_write_fails_does_not_take_over_twice() throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.putBytes("a:", 2 << 20); // the log keeps it: the segment is not full
        world.pass(Duration.ofSeconds(61));
        assertThat(world.lane().books().settled()).isTrue();

        world.killAndRestart();
        world.disk()
                .failNext(
                        call -> call.isOn(DiskCall.Kind.SYNC, "state.new"),
                        new IOException("injected"));
        world.put("b:first");
        assertThat(world.troubles()).anyMatch(trouble -> trouble.contains("recovery failed"));
        world.putBytes("c:", 1 << 20);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.troubles()).isEmpty();
        world.put("b:second");
        world.pass(Duration.ofSeconds(61));

        assertThat(world.objects("p=b/")).containsExactly("b:firstb:second".length());
        assertThat(world.objects("p=c/")).containsExactly(1 << 20);
        assertThat(world.lane().books().balanced()).isTrue();
        assertThat(world.lane().books().settled()).isTrue();
        assertThat(world.troubles()).isEmpty();
    }
}
