package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;

/**
 * A client that alone makes, changes and deletes streams of a few names, one call at a time, and
 * knows what must be there. Every creation and every update has a prefix of its own, so that each
 * object tells which life of its stream it is of.
 */
@SuppressWarnings("unchecked") // varargs of builders
final class OwnedStreams {
    private static final String ROLE = "arn:aws:iam::000000000000:role/firehose";

    /** A stream as Describe and ListTags show it. */
    private record Shown(int version, String prefix, Map<String, String> tags) {}

    /**
     * One life of a name, from its creation to its deletion.
     *
     * @param prefixes that its objects may have
     */
    private record Life(Set<String> prefixes, List<String> accepted) {
        Life() {
            this(new HashSet<>(), new ArrayList<>());
        }
    }

    private final List<String> names = new ArrayList<>();
    private final SplittableRandom random;

    private final Map<String, Shown> present = new HashMap<>();
    private final Map<String, Life> lives = new HashMap<>();
    private final List<Life> ended = new ArrayList<>();

    /** The call whose answer the kill took: the name, and what it would have changed. */
    private Optional<String> doubtfulName = Optional.empty();

    private UnaryOperator<Optional<Shown>> doubtful = before -> before;

    private int numbers;

    /** Written by the one thread that calls. */
    private final AtomicLong answered = new AtomicLong();

    private long inDoubt;

    OwnedStreams(String client, int count, SplittableRandom random) {
        for (int i = 0; i < count; i++) {
            names.add(client + "-" + i);
        }
        this.random = random;
    }

    Set<String> present() {
        return present.keySet();
    }

    long answered() {
        return answered.get();
    }

    long inDoubt() {
        return inDoubt;
    }

    // --- calls ---

    /** Looks at what the kill before has left, and then calls and calls. */
    void callUntilNobodyAnswers(FirehoseClient client) {
        try {
            settle(client);
            while (true) {
                call(client, names.get(random.nextInt(names.size())));
            }
        } catch (SdkClientException nobody) {
            if (doubtfulName.isPresent()) {
                inDoubt++;
            }
        }
    }

    private void call(FirehoseClient client, String name) {
        if (!present.containsKey(name)) {
            create(client, name);
            return;
        }
        int dice = random.nextInt(100);
        if (dice < 60) {
            put(client, name);
        } else if (dice < 75) {
            update(client, name);
        } else if (dice < 90) {
            tag(client, name);
        } else {
            delete(client, name);
        }
    }

    /** Asks for a change; when no answer comes, what it would have changed is in doubt. */
    private void change(String name, UnaryOperator<Optional<Shown>> effect, Runnable call) {
        doubtfulName = Optional.of(name);
        doubtful = effect;
        call.run();
        answered.incrementAndGet();
        doubtfulName = Optional.empty();
        take(name, effect.apply(Optional.ofNullable(present.get(name))));
    }

    private void take(String name, Optional<Shown> now) {
        if (now.isPresent()) {
            present.put(name, now.get());
            return;
        }
        present.remove(name);
        Life life = lives.remove(name);
        if (life != null) {
            ended.add(life);
        }
    }

    private String prefix(String name) {
        String prefix = name + "_" + ++numbers;
        lives.computeIfAbsent(name, none -> new Life()).prefixes().add(prefix);
        return prefix;
    }

    private void create(FirehoseClient client, String name) {
        String prefix = prefix(name);
        try {
            change(
                    name,
                    before -> Optional.of(new Shown(1, prefix, Map.of())),
                    () ->
                            client.createDeliveryStream(
                                    c ->
                                            c.deliveryStreamName(name)
                                                    .extendedS3DestinationConfiguration(
                                                            d ->
                                                                    d.roleARN(ROLE)
                                                                            .bucketARN(
                                                                                    "arn:aws:s3:::made")
                                                                            .prefix(
                                                                                    prefix
                                                                                            + "/"))));
        } catch (FirehoseException refused) {
            // The one before it still goes.
            assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ResourceInUseException");
            doubtfulName = Optional.empty();
        }
    }

    private void update(FirehoseClient client, String name) {
        String prefix = prefix(name);
        Shown shown = present.get(name);
        change(
                name,
                before -> Optional.of(new Shown(shown.version() + 1, prefix, shown.tags())),
                () ->
                        client.updateDestination(
                                u ->
                                        u.deliveryStreamName(name)
                                                .currentDeliveryStreamVersionId(
                                                        Integer.toString(shown.version()))
                                                .destinationId("destinationId-000000000001")
                                                .extendedS3DestinationUpdate(
                                                        d -> d.prefix(prefix + "/"))));
    }

    private void tag(FirehoseClient client, String name) {
        Shown shown = present.get(name);
        Map<String, String> tags = new HashMap<>(shown.tags());
        String key = "k" + random.nextInt(3);
        String value = Integer.toString(++numbers);
        if (tags.containsKey(key) && random.nextBoolean()) {
            tags.remove(key);
            change(
                    name,
                    before -> Optional.of(new Shown(shown.version(), shown.prefix(), tags)),
                    () -> client.untagDeliveryStream(t -> t.deliveryStreamName(name).tagKeys(key)));
        } else {
            tags.put(key, value);
            change(
                    name,
                    before -> Optional.of(new Shown(shown.version(), shown.prefix(), tags)),
                    () ->
                            client.tagDeliveryStream(
                                    t ->
                                            t.deliveryStreamName(name)
                                                    .tags(g -> g.key(key).value(value))));
        }
    }

    private void delete(FirehoseClient client, String name) {
        change(
                name,
                before -> Optional.empty(),
                () -> client.deleteDeliveryStream(d -> d.deliveryStreamName(name)));
    }

    /** A record that nobody answered may land or not: it is in no list. */
    private void put(FirehoseClient client, String name) {
        String id = name + ":" + ++numbers;
        client.putRecord(
                p ->
                        p.deliveryStreamName(name)
                                .record(r -> r.data(SdkBytes.fromUtf8String("<" + id + ">"))));
        answered.incrementAndGet();
        lives.get(name).accepted().add(id);
    }

    // --- what must be there ---

    /** Looks at every name: what was in doubt is decided by what is there. */
    void settle(FirehoseClient client) {
        for (String name : names) {
            Optional<Shown> before = Optional.ofNullable(present.get(name));
            Optional<Shown> seen = shown(client, name);
            if (doubtfulName.equals(Optional.of(name))) {
                assertThat(seen)
                        .as("%s, which was one or the other", name)
                        .isIn(List.of(before, doubtful.apply(before)));
                take(name, seen);
                doubtfulName = Optional.empty();
            } else {
                assertThat(seen).as("%s, as it was answered", name).isEqualTo(before);
            }
        }
    }

    private static Optional<Shown> shown(FirehoseClient client, String name) {
        try {
            DeliveryStreamDescription stream =
                    client.describeDeliveryStream(d -> d.deliveryStreamName(name))
                            .deliveryStreamDescription();
            Map<String, String> tags =
                    client
                            .listTagsForDeliveryStream(l -> l.deliveryStreamName(name))
                            .tags()
                            .stream()
                            .collect(Collectors.toMap(tag -> tag.key(), tag -> tag.value()));
            String prefix =
                    stream.destinations().get(0).extendedS3DestinationDescription().prefix();
            return Optional.of(
                    new Shown(
                            Integer.parseInt(stream.versionId()),
                            prefix.substring(0, prefix.length() - 1),
                            tags));
        } catch (ResourceNotFoundException none) {
            return Optional.empty();
        }
    }

    /**
     * Records of the streams that are there have landed under their prefixes; those of deleted ones
     * have, or have not, and never under the prefix of another life.
     */
    void checkLanded(Map<String, Set<String>> landed) {
        for (String name : present.keySet()) {
            Life life = lives.get(name);
            for (String id : life.accepted()) {
                assertThat(landed).as("accepted records").containsKey(id);
                assertThat(life.prefixes()).containsAll(landed.get(id));
            }
        }
        for (Life life : ended) {
            for (String id : life.accepted()) {
                assertThat(life.prefixes()).containsAll(landed.getOrDefault(id, Set.of()));
            }
        }
    }
}
