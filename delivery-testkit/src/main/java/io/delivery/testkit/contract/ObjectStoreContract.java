package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Presence;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.SampleContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link ObjectStore} does. Tests choose keys that no other test uses, so a suite may
 * share one bucket.
 */
public abstract class ObjectStoreContract {
    /** Large enough for several parts of a multipart upload, when parts have the smallest size. */
    protected static final int LARGE = 20 << 20;

    /** The store under test. */
    protected abstract ObjectStore store();

    /**
     * The visible bytes under this name, read past the store under test; empty when there are none.
     */
    protected abstract Optional<byte[]> contentOf(ObjectName name) throws Exception;

    /** The bucket that objects land in. It is there. */
    protected String bucket() {
        return "lake";
    }

    /** What a stage completes with; throws what it fails with. */
    protected <T> T answerOf(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Makes all calls at the same time, and gives their answers. */
    protected <T> List<T> race(List<Callable<CompletionStage<T>>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            CyclicBarrier start = new CyclicBarrier(calls.size());
            List<Future<T>> answers = new ArrayList<>();
            for (Callable<CompletionStage<T>> call : calls) {
                answers.add(
                        threads.submit(
                                () -> {
                                    start.await(60, TimeUnit.SECONDS);
                                    return answerOf(call.call());
                                }));
            }
            List<T> all = new ArrayList<>();
            for (Future<T> answer : answers) {
                all.add(answer.get(120, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }

    /** A name in the test's bucket. */
    protected final ObjectName name(String key) {
        return new ObjectName(bucket(), key);
    }

    /** Attributes with this mark, seven records and no Content-Encoding. */
    protected static ObjectAttributes marked(String mark) {
        return new ObjectAttributes(mark, 7, "");
    }

    protected final Landing land(StagedContent content, ObjectName name, String mark)
            throws Exception {
        return answerOf(store().land(content, name, marked(mark), UploadListener.IGNORE));
    }

    protected final Found find(StagedContent content, ObjectName name, String mark)
            throws Exception {
        return answerOf(store().find(name, marked(mark), content));
    }

    /** And that it is told of, so that two looks can be compared. */
    protected static void assertStranger(Found found) {
        assertThat(found.presence()).isEqualTo(Presence.STRANGER);
        assertThat(found.reason()).isNotEmpty();
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    @Test
    protected void what_has_landed_is_visible_byte_for_byte() throws Exception {
        SampleContent content = SampleContent.of("hello\nworld\n");
        ObjectName name = name("plain/2026/11/21/10/stream-1");

        Landing landing = land(content, name, "i/main-1/0/0/s");

        assertThat(landing).isInstanceOf(Landing.Landed.class);
        assertThat(contentOf(name)).hasValue("hello\nworld\n".getBytes(StandardCharsets.UTF_8));
        assertThat(find(content, name, "i/main-1/0/0/s")).isEqualTo(Found.OURS);
    }

    @Test
    protected void a_second_landing_never_changes_what_is_visible() throws Exception {
        ObjectName name = name("second-landing");

        Landing first = land(SampleContent.of("first"), name, "mark/1");
        Landing second = land(SampleContent.of("second"), name, "mark/2");

        assertThat(first).isInstanceOf(Landing.Landed.class);
        assertThat(second).isEqualTo(new Landing.Occupied());
        assertThat(contentOf(name)).hasValue("first".getBytes(StandardCharsets.UTF_8));
        assertStranger(find(SampleContent.of("second"), name, "mark/2"));
    }

    @Test
    protected void landing_again_after_success_is_told_so_and_found_to_be_ours() throws Exception {
        SampleContent content = SampleContent.of("once");
        ObjectName name = name("again");
        land(content, name, "mark");

        Landing again = land(content, name, "mark");

        assertThat(again).isEqualTo(new Landing.Occupied());
        assertThat(find(content, name, "mark")).isEqualTo(Found.OURS);
        assertThat(contentOf(name)).hasValue("once".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    protected void nothing_there_is_absent() throws Exception {
        assertThat(find(SampleContent.of("x"), name("nothing/here"), "mark"))
                .isEqualTo(Found.ABSENT);
    }

    @Test
    protected void the_same_bytes_under_another_mark_are_a_strangers() throws Exception {
        SampleContent content = SampleContent.of("same bytes");
        ObjectName name = name("stranger/mark");
        land(content, name, "mark/theirs");

        assertStranger(find(content, name, "mark/ours"));
    }

    @Test
    protected void other_bytes_under_our_mark_are_a_strangers() throws Exception {
        ObjectName name = name("stranger/bytes");
        land(SampleContent.of("these bytes"), name, "mark");

        assertStranger(find(SampleContent.of("those bytes"), name, "mark"));
        assertStranger(find(SampleContent.of("longer than these"), name, "mark"));
    }

    @Test
    protected void two_looks_at_the_same_stranger_see_the_same() throws Exception {
        ObjectName name = name("stranger/twice");
        land(SampleContent.of("theirs"), name, "mark/theirs");

        Found first = find(SampleContent.of("ours"), name, "mark/ours");

        assertStranger(first);
        assertThat(find(SampleContent.of("ours"), name, "mark/ours")).isEqualTo(first);
    }

    @Test
    protected void an_object_may_be_empty() throws Exception {
        SampleContent content = SampleContent.of("");
        ObjectName name = name("empty");

        Landing landing = land(content, name, "mark");

        assertThat(landing).isInstanceOf(Landing.Landed.class);
        assertThat(contentOf(name)).hasValue(new byte[0]);
        assertThat(find(content, name, "mark")).isEqualTo(Found.OURS);
        assertThat(land(content, name, "mark")).isEqualTo(new Landing.Occupied());
    }

    @Test
    protected void a_large_object_lands_in_one_piece() throws Exception {
        byte[] bytes = randomBytes(LARGE + 12_345);
        SampleContent content = SampleContent.of(bytes);
        ObjectName name = name("large/first");

        Landing landing = land(content, name, "mark");

        assertThat(landing).isInstanceOf(Landing.Landed.class);
        assertThat(contentOf(name).map(visible -> Arrays.equals(visible, bytes))).hasValue(true);
        assertThat(find(content, name, "mark")).isEqualTo(Found.OURS);
    }

    @Test
    protected void a_large_object_never_replaces_what_is_visible() throws Exception {
        ObjectName name = name("large/second");
        land(SampleContent.of("first"), name, "mark/1");

        Landing second = land(SampleContent.of(randomBytes(LARGE)), name, "mark/2");

        assertThat(second).isEqualTo(new Landing.Occupied());
        assertThat(contentOf(name)).hasValue("first".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b/c  d",
                "year=2026/month=11/x",
                "plus+plus/a+b",
                "percent%/100%25/%2F%20",
                "quotes'/\"double\"",
                "bang!/star*/(round)/[square]/{curly}",
                "ümlaut/日本語/🚒",
                "e\u0301 decomposed",
                "tilde~/under_score/dot.dot/..hidden/trailing.",
                "amp&ersand/semi;colon/comma,/dollar$/at@/colon:",
                "question?mark/hash#tag",
                "back\\slash/pipe|/caret^/grave`/<angle>",
                "-dash/--options",
            })
    protected void keys_may_hold(String key) throws Exception {
        SampleContent content = SampleContent.of(key);
        ObjectName name = name("keys/" + key);

        assertThat(find(content, name, "mark")).isEqualTo(Found.ABSENT);
        assertThat(land(content, name, "mark")).isInstanceOf(Landing.Landed.class);

        assertThat(contentOf(name)).hasValue(key.getBytes(StandardCharsets.UTF_8));
        assertThat(find(content, name, "mark")).isEqualTo(Found.OURS);
        assertThat(land(content, name, "mark")).isEqualTo(new Landing.Occupied());
    }

    @Test
    protected void keys_may_have_1024_bytes() throws Exception {
        // Segments of at most 255 bytes: no file system takes longer names.
        String segment = "k".repeat(252) + "é";
        String key = String.join("/", segment, segment, segment, segment, "long");
        assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSize(1024);
        SampleContent content = SampleContent.of("long");

        assertThat(land(content, name(key), "mark")).isInstanceOf(Landing.Landed.class);

        assertThat(contentOf(name(key))).hasValue("long".getBytes(StandardCharsets.UTF_8));
        assertThat(find(content, name(key), "mark")).isEqualTo(Found.OURS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1 << 20})
    protected void damaged_bytes_never_become_visible(int length) throws Exception {
        SampleContent sound = SampleContent.of(randomBytes(length));

        for (int index : new int[] {0, length / 2, length - 1}) {
            ObjectName name = name("damaged/" + length + "/" + index);
            assertThatThrownBy(() -> land(sound.damagedAt(index), name, "mark"))
                    .isInstanceOf(DamagedStagingException.class);
            assertThat(contentOf(name)).isEmpty();
            assertThat(find(sound, name, "mark")).isEqualTo(Found.ABSENT);
        }
    }

    @Test
    protected void a_damaged_large_object_never_becomes_visible() throws Exception {
        SampleContent sound = SampleContent.of(randomBytes(LARGE));
        ObjectName name = name("damaged/large");

        assertThatThrownBy(() -> land(sound.damagedAt(LARGE - 1), name, "mark"))
                .isInstanceOf(DamagedStagingException.class);

        assertThat(contentOf(name)).isEmpty();
        assertThat(find(sound, name, "mark")).isEqualTo(Found.ABSENT);
    }

    @Test
    protected void bytes_cut_short_never_become_visible() throws Exception {
        SampleContent sound = SampleContent.of("a few bytes");
        ObjectName name = name("damaged/short");

        assertThatThrownBy(() -> land(sound.cutTo(5), name, "mark"))
                .isInstanceOf(DamagedStagingException.class);

        assertThat(contentOf(name)).isEmpty();
    }

    @Test
    protected void a_name_whose_landing_failed_for_damage_can_still_be_landed() throws Exception {
        SampleContent sound = SampleContent.of("sound again");
        ObjectName name = name("damaged/repaired");
        assertThatThrownBy(() -> land(sound.damagedAt(3), name, "mark"))
                .isInstanceOf(DamagedStagingException.class);

        assertThat(land(sound, name, "mark")).isInstanceOf(Landing.Landed.class);
        assertThat(contentOf(name)).hasValue("sound again".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    protected void of_landings_that_race_exactly_one_wins() throws Exception {
        for (int round = 0; round < 5; round++) {
            ObjectName name = name("race/" + round);
            List<Callable<CompletionStage<Landing>>> landings = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SampleContent content = SampleContent.of("racer " + i);
                ObjectAttributes attributes = marked("mark/" + i);
                landings.add(() -> store().land(content, name, attributes, UploadListener.IGNORE));
            }

            List<Landing> answers = race(landings);

            assertThat(answers.stream().filter(Landing.Landed.class::isInstance)).hasSize(1);
            int winner = indexOfLanded(answers);
            assertThat(contentOf(name))
                    .hasValue(("racer " + winner).getBytes(StandardCharsets.UTF_8));
            // A loser may have met a conflict instead of the winner: then it has to look.
            assertThat(answers)
                    .allSatisfy(
                            answer ->
                                    assertThat(answer)
                                            .isInstanceOfAny(
                                                    Landing.Landed.class,
                                                    Landing.Occupied.class,
                                                    Landing.Unknown.class));
        }
    }

    private static int indexOfLanded(List<Landing> answers) {
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof Landing.Landed) {
                return i;
            }
        }
        throw new AssertionError("nobody won: " + answers);
    }

    @Test
    protected void names_that_only_begin_alike_are_different_objects() throws Exception {
        SampleContent content = SampleContent.of("x");
        land(content, name("alike/a-1"), "mark/1");

        assertThat(find(content, name("alike/a"), "mark/1")).isEqualTo(Found.ABSENT);
        assertThat(land(content, name("alike/a"), "mark/2")).isInstanceOf(Landing.Landed.class);
    }

    @Test
    protected void a_content_encoding_changes_no_byte() throws Exception {
        for (String encoding : List.of("gzip", "zip", "snappy-java", "hadoop-snappy", "zstd")) {
            byte[] bytes = randomBytes(1000);
            SampleContent content = SampleContent.of(bytes);
            ObjectName name = name("encoded." + encoding);
            ObjectAttributes attributes = new ObjectAttributes("mark", 7, encoding);

            Landing landing =
                    answerOf(store().land(content, name, attributes, UploadListener.IGNORE));

            assertThat(landing).as(encoding).isInstanceOf(Landing.Landed.class);
            assertThat(contentOf(name)).as(encoding).hasValue(bytes);
            assertThat(answerOf(store().find(name, attributes, content)))
                    .as(encoding)
                    .isEqualTo(Found.OURS);
            assertThat(answerOf(store().readBack(name, attributes, content)))
                    .as(encoding)
                    .isEqualTo(Found.OURS);
        }
    }

    @Test
    protected void aborting_an_upload_that_is_gone_is_fine() throws Exception {
        answerOf(store().abort(name("no/upload"), "no-such-upload"));

        assertThat(contentOf(name("no/upload"))).isEmpty();
    }

    @Test
    protected void aborting_an_upload_touches_no_visible_object() throws Exception {
        SampleContent content = SampleContent.of("stays");
        ObjectName name = name("abort/visible");
        land(content, name, "mark");

        answerOf(store().abort(name, "no-such-upload"));

        assertThat(find(content, name, "mark")).isEqualTo(Found.OURS);
    }

    /** A key that the store refuses, and no other one with it. */
    protected String refusedKey() {
        return "refused/" + "k".repeat(1100);
    }

    /** Then its records go to the error output by themselves: never when others are refused too. */
    @Test
    protected void a_key_that_is_refused_alone_is_told_from_every_other_refusal() throws Exception {
        SampleContent content = SampleContent.of("x");

        Landing landing = land(content, name(refusedKey()), "mark");

        assertThat(landing)
                .isInstanceOfSatisfying(
                        Landing.Denied.class,
                        denied -> {
                            assertThat(denied.of()).isEqualTo(Landing.Denied.Of.THE_KEY);
                            assertThat(denied.remedy()).isNotBlank();
                        });
        assertThat(find(content, name(refusedKey()), "mark")).isEqualTo(Found.ABSENT);
        assertThat(contentOf(name("refused/neighbour"))).isEmpty();
        assertThat(land(content, name("refused/neighbour"), "mark"))
                .isInstanceOf(Landing.Landed.class);
    }
}
