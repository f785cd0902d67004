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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamEncryptionStatus;
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

    /** Of a day, as the API allows them; a life that had so many has no more. */
    private static final int MOST_SWITCHES = 25;

    /**
     * A stream as Describe and ListTags show it.
     *
     * @param encrypted whether it is, or is about to be
     */
    private record Shown(int version, String prefix, Map<String, String> tags, boolean encrypted) {
        /**
         * Whether it is this one, as its only client knows it. A number that a process had given to
         * a definition when it was killed, and had not put in force, is not given again: so an
         * update that was answered may have passed a number.
         */
        boolean isSeenAs(Shown seen) {
            return seen.version >= version
                    && seen.prefix.equals(prefix)
                    && seen.tags.equals(tags)
                    && seen.encrypted == encrypted;
        }

        Shown tags(Map<String, String> next) {
            return new Shown(version, prefix, next, encrypted);
        }

        Shown encrypted(boolean next) {
            return new Shown(version, prefix, tags, next);
        }
    }

    /**
     * One life of a name, from its creation to its deletion.
     *
     * @param prefixes that its objects may have
     * @param switches calls that started or stopped encryption, or may have
     */
    private record Life(Set<String> prefixes, List<String> accepted, AtomicInteger switches) {
        Life() {
            this(new HashSet<>(), new ArrayList<>(), new AtomicInteger());
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
    private long switched;

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

    /** Calls that were answered, and have started or stopped encryption. */
    long switched() {
        return switched;
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
        if (dice < 55) {
            put(client, name);
        } else if (dice < 68) {
            update(client, name);
        } else if (dice < 80) {
            tag(client, name);
        } else if (dice < 90) {
            encryption(client, name);
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
                    before -> Optional.of(new Shown(1, prefix, Map.of(), false)),
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
                before ->
                        Optional.of(
                                new Shown(
                                        shown.version() + 1,
                                        prefix,
                                        shown.tags(),
                                        shown.encrypted())),
                () ->
                        client.updateDestination(
                                u ->
                                        u.deliveryStreamName(name)
                                                .currentDeliveryStreamVersionId(
                                                        Integer.toString(shown.version()))
                                                .destinationId("destinationId-000000000001")
                                                .extendedS3DestinationUpdate(
                                                        d -> d.prefix(prefix + "/"))));
        see(name, shown(client, name));
    }

    /** What is there is what was answered; its version is the one to give with the next update. */
    private void see(String name, Optional<Shown> seen) {
        Optional<Shown> known = Optional.ofNullable(present.get(name));
        assertThat(agree(known, seen))
                .as("%s, as it was answered: %s, which is %s", name, known, seen)
                .isTrue();
        seen.ifPresent(now -> present.put(name, now));
    }

    private static boolean agree(Optional<Shown> known, Optional<Shown> seen) {
        return known.isPresent() == seen.isPresent()
                && known.stream().allMatch(one -> one.isSeenAs(seen.orElseThrow()));
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
                    before -> Optional.of(shown.tags(tags)),
                    () -> client.untagDeliveryStream(t -> t.deliveryStreamName(name).tagKeys(key)));
        } else {
            tags.put(key, value);
            change(
                    name,
                    before -> Optional.of(shown.tags(tags)),
                    () ->
                            client.tagDeliveryStream(
                                    t ->
                                            t.deliveryStreamName(name)
                                                    .tags(g -> g.key(key).value(value))));
        }
    }

    /** Starts encryption, with another key where it is encrypted, or stops it. */
    private void encryption(FirehoseClient client, String name) {
        Shown shown = present.get(name);
        DeliveryStreamEncryptionStatus status = encryptionOf(describe(client, name));
        boolean settled =
                status == DeliveryStreamEncryptionStatus.ENABLED
                        || status == DeliveryStreamEncryptionStatus.DISABLED;
        if (!settled || lives.get(name).switches().incrementAndGet() > MOST_SWITCHES) {
            return; // it would be refused
        }
        boolean start = !shown.encrypted() || random.nextBoolean();
        change(
                name,
                before -> Optional.of(shown.encrypted(start)),
                () -> {
                    if (start) {
                        client.startDeliveryStreamEncryption(e -> e.deliveryStreamName(name));
                    } else {
                        client.stopDeliveryStreamEncryption(e -> e.deliveryStreamName(name));
                    }
                });
        switched++;
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
                Optional<Shown> after = doubtful.apply(before);
                assertThat(agree(before, seen) || agree(after, seen))
                        .as("%s, %s, was one or the other: %s, %s", name, seen, before, after)
                        .isTrue();
                take(name, seen);
                doubtfulName = Optional.empty();
            } else {
                see(name, seen);
            }
        }
    }

    private static Optional<Shown> shown(FirehoseClient client, String name) {
        try {
            DeliveryStreamDescription stream = describe(client, name);
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
                            tags,
                            isEncrypted(encryptionOf(stream))));
        } catch (ResourceNotFoundException none) {
            return Optional.empty();
        }
    }

    private static DeliveryStreamDescription describe(FirehoseClient client, String name) {
        return client.describeDeliveryStream(d -> d.deliveryStreamName(name))
                .deliveryStreamDescription();
    }

    private static DeliveryStreamEncryptionStatus encryptionOf(DeliveryStreamDescription stream) {
        return stream.deliveryStreamEncryptionConfiguration().status();
    }

    /** Or is about to be. */
    private static boolean isEncrypted(DeliveryStreamEncryptionStatus status) {
        return status == DeliveryStreamEncryptionStatus.ENABLED
                || status == DeliveryStreamEncryptionStatus.ENABLING;
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
