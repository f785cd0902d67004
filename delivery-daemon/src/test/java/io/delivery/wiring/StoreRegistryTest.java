package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreSettings;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreRegistryTest {
    private final SimWorld sim = SimWorld.seeded(1);
    private final List<String> opened = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final StoreRegistry registry = new StoreRegistry(sim.world(), this::open);
    private CompletionStage<Set<String>> needed = CompletableFuture.completedFuture(Set.of());
    private int asked;

    @BeforeEach
    void tellWhatIsNeeded() {
        registry.neededAre(
                () -> {
                    asked++;
                    return needed;
                });
    }

    /** A name and a folder. */
    private static List<StoreSettings> stores(String... namesAndFolders) {
        return Stream.of(namesAndFolders)
                .map(text -> text.split("="))
                .map(words -> store(words[0], words[1], false))
                .toList();
    }

    private static List<StoreSettings> trusting(Path caFile) {
        StoreDefinition.S3 definition =
                new StoreDefinition.S3(
                        Optional.empty(),
                        "eu-central-1",
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(caFile),
                        StoreDefinition.S3.DEFAULT_CHECKSUMS,
                        StoreDefinition.S3.DEFAULT_CHUNKED_ENCODING,
                        StoreDefinition.S3.DEFAULT_SIGNED_BODIES,
                        StoreDefinition.S3.DEFAULT_CONDITIONAL_WRITES,
                        StoreDefinition.S3.DEFAULT_READ_BACK,
                        StoreDefinition.S3.DEFAULT_ACL,
                        StoreDefinition.S3.DEFAULT_ENCRYPTION,
                        StoreDefinition.S3.DEFAULT_PART_SIZE_BYTES);
        return List.of(new StoreSettings("lake", definition, false, true));
    }

    private static StoreSettings store(String name, String folder, boolean byDefault) {
        return new StoreSettings(
                name, new StoreDefinition.Directory(Path.of("/" + folder)), byDefault, true);
    }

    private ObjectStore open(StoreSettings settings) throws IOException {
        String folder =
                settings.definition()
                        .choose(directory -> directory.path().toString(), s3 -> "/" + s3.region());
        if (folder.equals("/broken")) {
            throw new IOException("no such CA file");
        }
        opened.add(folder);
        return new Folder(folder);
    }

    private final class Folder extends WillingStore {
        private final String path;

        Folder(String path) {
            super(path);
            this.path = path;
        }

        @Override
        public void close() {
            closed.add(path);
            if (path.equals("/stuck")) {
                throw new IllegalStateException("no route to host");
            }
        }
    }

    private StoreRegistry.Change takeEffect(List<StoreSettings> settings) throws IOException {
        StoreRegistry.Change change = registry.prepare(settings);
        change.takeEffect();
        return change;
    }

    private void pass(Duration time) {
        sim.scheduler().runFor(time);
    }

    private String folder(String name) {
        ObjectStore.Landing answer =
                registry.store(name)
                        .land(
                                SampleContent.of("x"),
                                new ObjectName("b", "k"),
                                new ObjectAttributes("mark", 1, ""),
                                ObjectStore.UploadListener.IGNORE)
                        .toCompletableFuture()
                        .join();
        return ((ObjectStore.Landing.Landed) answer).said();
    }

    @Test
    void a_store_that_changed_is_the_next_generation_of_its_name() throws IOException {
        takeEffect(stores("lake=a", "pond=b"));
        ObjectStore lake = registry.store("lake");

        takeEffect(stores("lake=c", "pond=b"));

        assertThat(registry.store("lake")).as("what recorded objects name").isSameAs(lake);
        assertThat(folder("lake")).isEqualTo("/c");
        assertThat(opened).containsExactly("/a", "/b", "/c");
        assertThat(closed).containsExactly("/a");
    }

    @Test
    void a_store_that_streams_mean_by_default_from_now_on_is_not_made_again() throws IOException {
        takeEffect(List.of(store("lake", "a", false)));

        takeEffect(List.of(store("lake", "a", true)));

        assertThat(opened).containsExactly("/a");
        assertThat(closed).isEmpty();
    }

    @Test
    void a_store_is_made_again_when_its_authorities_change_in_the_same_file(@TempDir Path folder)
            throws IOException {
        Path caFile = Files.writeString(folder.resolve("ca.pem"), "one authority");
        takeEffect(trusting(caFile));
        registry.reopen("lake");
        assertThat(opened).as("nothing has changed").hasSize(1);
        String before = authoritiesOf(caFile);

        Files.writeString(caFile, "another one");
        takeEffect(trusting(caFile));
        assertThat(opened).as("it is not looked at").hasSize(1);
        assertThat(authoritiesOf(caFile)).isEqualTo(before);
        registry.reopen("lake");

        assertThat(opened).hasSize(2);
        assertThat(closed).hasSize(1);
        assertThat(authoritiesOf(caFile)).isNotEqualTo(before).hasSize(64);
    }

    private String authoritiesOf(Path caFile) {
        List<StoreRegistry.Authorities> all = registry.authorities();
        assertThat(all).extracting(StoreRegistry.Authorities::file).containsExactly(caFile);
        return all.get(0).digest();
    }

    @Test
    void authorities_that_cannot_be_read_any_more_leave_the_store_as_it_is(@TempDir Path folder)
            throws IOException {
        Path caFile = Files.writeString(folder.resolve("ca.pem"), "one authority");
        takeEffect(trusting(caFile));
        Files.delete(caFile);

        takeEffect(trusting(caFile));
        assertThatThrownBy(() -> registry.reopen("lake"))
                .hasMessageStartingWith("caFile " + caFile + " cannot be read: ");

        assertThat(closed).isEmpty();
    }

    @Test
    void a_store_that_is_gone_and_still_needed_is_made_again_too_and_stays_gone(
            @TempDir Path folder) throws IOException {
        Path caFile = Files.writeString(folder.resolve("ca.pem"), "one authority");
        List<List<String>> open = new ArrayList<>();
        registry.onClosed(
                () -> open.add(registry.openStores().stream().map(StoreSettings::name).toList()));
        takeEffect(trusting(caFile));
        needed = CompletableFuture.completedFuture(Set.of("lake"));
        takeEffect(stores("pond=b"));
        String before = authoritiesOf(caFile);

        Files.writeString(caFile, "another one");
        registry.reopen("lake");

        assertThat(opened).hasSize(3);
        assertThat(authoritiesOf(caFile)).isNotEqualTo(before);
        assertThat(registry.goneAndOpen()).containsExactly("lake");
        assertThat(registry.isConfigured("lake")).isFalse();
        needed = CompletableFuture.completedFuture(Set.of());
        pass(Duration.ofSeconds(2));
        assertThat(registry.authorities()).isEmpty();
        assertThat(open).containsExactly(List.of("pond"));
        registry.reopen("lake");
        assertThat(opened).as("it stays closed").hasSize(3);
        assertThat(closed).hasSize(2);
    }

    @Test
    void a_change_that_is_refused_leaves_everything_as_it_was() throws IOException {
        takeEffect(stores("lake=a", "pond=b"));

        registry.prepare(stores("lake=c", "sea=d")).close();
        assertThatThrownBy(() -> registry.prepare(stores("lake=e", "bay=broken")))
                .hasMessage("no such CA file");
        pass(Duration.ofMinutes(1));

        assertThat(closed).containsExactly("/c", "/d", "/e");
        assertThat(folder("lake")).isEqualTo("/a");
        assertThat(folder("pond")).isEqualTo("/b");
        assertThat(registry.store("sea")).isNull();
    }

    @Test
    void a_store_that_is_gone_stays_while_components_work_with_it() throws IOException {
        StoreRegistry.Change first = takeEffect(stores("lake=a", "pond=b"));
        Runnable one = first.lease("lake");
        Runnable other = first.lease("lake");
        takeEffect(stores("pond=b"));
        one.run();
        one.run();
        pass(Duration.ofMinutes(1));

        assertThat(closed).isEmpty();
        assertThat(folder("lake")).isEqualTo("/a");
        assertThat(asked).as("who may still record is looked at first").isZero();

        other.run();
        pass(Duration.ofSeconds(2));
        assertThat(closed).containsExactly("/a");
        assertThat(registry.store("lake")).isNull();
    }

    @Test
    void a_store_that_is_gone_stays_until_what_was_recorded_has_landed() throws IOException {
        takeEffect(stores("lake=a", "pond=b"));
        needed = CompletableFuture.completedFuture(Set.of("lake"));
        takeEffect(stores("pond=b"));
        pass(Duration.ofHours(1));
        assertThat(closed).isEmpty();
        assertThat(registry.goneAndOpen()).containsExactly("lake");

        needed = CompletableFuture.failedFuture(new IllegalStateException("a defect"));
        pass(Duration.ofMinutes(1));
        assertThat(closed).as("nobody can tell").isEmpty();

        needed = CompletableFuture.completedFuture(Set.of("pond"));
        pass(Duration.ofSeconds(2));
        assertThat(closed).containsExactly("/a");
        assertThat(registry.goneAndOpen()).isEmpty();
        int before = asked;
        pass(Duration.ofHours(1));
        assertThat(asked).as("nothing is left to look for").isEqualTo(before);
    }

    @Test
    void a_request_that_is_under_way_keeps_the_connections_of_a_store_that_is_gone()
            throws IOException {
        takeEffect(stores("lake=a"));
        ObjectStore.Lease lease = registry.store("lake").lease();
        takeEffect(stores("pond=b"));
        pass(Duration.ofMinutes(1));
        assertThat(closed).isEmpty();
        assertThat(registry.store("lake")).isNull();

        lease.close();

        assertThat(closed).containsExactly("/a");
    }

    @Test
    void a_store_that_comes_back_before_it_was_closed_goes_on() throws IOException {
        takeEffect(stores("lake=a", "pond=b"));
        CompletableFuture<Set<String>> answer = new CompletableFuture<>();
        needed = answer;
        takeEffect(stores("pond=b"));
        pass(Duration.ofSeconds(2));
        assertThat(asked).isOne();

        takeEffect(stores("pond=b", "lake=a"));
        answer.complete(Set.of());
        pass(Duration.ofMinutes(1));

        assertThat(closed).isEmpty();
        assertThat(opened).containsExactly("/a", "/b");
        assertThat(folder("lake")).isEqualTo("/a");
    }

    @Test
    void an_answer_of_before_does_not_close_a_store_that_came_back_and_is_gone_again()
            throws IOException {
        takeEffect(stores("lake=a", "pond=b"));
        CompletableFuture<Set<String>> answer = new CompletableFuture<>();
        needed = answer;
        takeEffect(stores("pond=b"));
        pass(Duration.ofSeconds(2));
        takeEffect(stores("pond=b", "lake=a"));
        takeEffect(stores("pond=b"));
        needed = CompletableFuture.completedFuture(Set.of("lake"));
        answer.complete(Set.of());
        pass(Duration.ofMinutes(1));

        assertThat(closed).as("something was recorded while it was there").isEmpty();
    }

    @Test
    void a_store_that_is_about_to_go_stays_for_a_change_that_brings_it_back() throws IOException {
        takeEffect(stores("lake=a", "pond=b"));
        takeEffect(stores("pond=b"));

        StoreRegistry.Change refused = registry.prepare(stores("lake=a"));
        pass(Duration.ofMinutes(1));
        assertThat(closed).isEmpty();
        assertThatThrownBy(() -> registry.prepare(stores("lake=a", "bay=broken")))
                .hasMessage("no such CA file");
        StoreRegistry.Change next = registry.prepare(stores("lake=a", "pond=b"));
        pass(Duration.ofMinutes(1));
        next.takeEffect();
        pass(Duration.ofMinutes(1));

        assertThat(closed).isEmpty();
        assertThat(folder("lake")).isEqualTo("/a");
        assertThat(registry.isConfigured("lake")).isTrue();
        refused.close();
        assertThat(folder("lake")).isEqualTo("/a");
    }

    @Test
    void a_change_that_is_refused_lets_a_store_go_that_is_about_to() throws IOException {
        takeEffect(stores("lake=a", "pond=b"));
        takeEffect(stores("pond=b"));

        registry.prepare(stores("lake=a", "pond=b")).close();
        pass(Duration.ofMinutes(1));

        assertThat(closed).containsExactly("/a");
    }

    @Test
    void components_lease_only_what_their_configuration_has() throws IOException {
        StoreRegistry.Change first = takeEffect(stores("lake=a"));
        first.lease("lake");

        StoreRegistry.Change next = takeEffect(stores("pond=b"));

        assertThatThrownBy(() -> next.lease("lake"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("store lake is not configured");
        assertThat(registry.store("lake")).as("it drains").isNotNull();
        assertThat(registry.isConfigured("lake")).isFalse();
        assertThat(registry.isConfigured("pond")).isTrue();
        assertThat(registry.isConfigured("sea")).isFalse();
    }

    @Test
    void a_store_that_cannot_be_closed_keeps_the_others_from_nothing() throws IOException {
        takeEffect(stores("lake=stuck", "pond=b"));

        takeEffect(stores("lake=c", "pond=d"));
        registry.close();

        assertThat(closed).containsExactlyInAnyOrder("/stuck", "/b", "/c", "/d");
    }

    @Test
    void at_the_end_all_are_closed_whoever_works_with_them() throws IOException {
        StoreRegistry.Change first = takeEffect(stores("lake=a", "pond=b", "sea=c"));
        first.lease("pond");
        registry.store("lake").lease();
        takeEffect(stores("lake=d", "sea=c"));

        registry.close();
        pass(Duration.ofMinutes(1));

        assertThat(closed).containsExactlyInAnyOrder("/a", "/b", "/c", "/d");
    }
}
