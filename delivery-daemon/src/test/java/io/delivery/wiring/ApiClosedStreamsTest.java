package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.delivery.home.StreamRemoval;
import io.delivery.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamEncryptionStatus;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.Tag;

/** Streams that were made through the API and cannot be opened any more. */
class ApiClosedStreamsTest extends ApiWorld {
    @Override
    String more() {
        return "encryption: {keys: [{id: k1, key: QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=}]}\n";
    }

    private List<Path> files(String folderOfStream) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("data/streams"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/made~"))
                    .filter(file -> file.toString().contains(folderOfStream))
                    .toList();
        }
    }

    private static Tag tag(String key) {
        return Tag.builder().key(key).build();
    }

    private void restartWithout(String folderOfStream) throws Exception {
        stop();
        List<Path> spoiled = files(folderOfStream);
        assertThat(spoiled).isNotEmpty();
        for (Path file : spoiled) {
            Files.writeString(file, "spoiled");
        }
        start();
    }

    @Test
    void a_stream_whose_lanes_are_damaged_keeps_its_version_its_creation_and_its_tags()
            throws Exception {
        create("made", d -> d.prefix("one/"));
        client.tagDeliveryStream(t -> t.deliveryStreamName("made").tags(tag("team")));
        put("made", "one");
        update("made", u -> u.prefix("two/"));
        update("made", u -> u.prefix("three/"));
        Instant created = describe("made").createTimestamp();

        restartWithout("/lanes/");

        assertThat(describe("made").versionId()).isEqualTo("3");
        assertThat(describe("made").createTimestamp()).isEqualTo(created);
        assertThat(destination("made").prefix()).isEqualTo("three/");
        assertThat(client.listTagsForDeliveryStream(l -> l.deliveryStreamName("made")).tags())
                .extracting(tag -> tag.key())
                .containsExactly("team");
        assertUnavailable(() -> put("made", "two"));
    }

    @Test
    void a_stream_of_which_nobody_can_tell_what_it_is_has_no_tags_and_is_nobody_s()
            throws Exception {
        client.createDeliveryStream(request("made", d -> {}).toBuilder().tags(tag("team")).build());

        restartWithout("/stream.meta");

        assertUnavailable(() -> describe("made"));
        assertUnavailable(
                () -> client.listTagsForDeliveryStream(l -> l.deliveryStreamName("made")));
        assertUnavailable(
                () ->
                        client.tagDeliveryStream(
                                t -> t.deliveryStreamName("made").tags(tag("zone"))));
        assertUnavailable(() -> client.deleteDeliveryStream(d -> d.deliveryStreamName("made")));
        assertUnavailable(
                () -> client.startDeliveryStreamEncryption(e -> e.deliveryStreamName("made")));
        assertUnavailable(
                () -> client.stopDeliveryStreamEncryption(e -> e.deliveryStreamName("made")));
    }

    @Test
    void a_stream_that_a_call_has_encrypted_is_not_described_as_one_that_is_not() throws Exception {
        create("made", d -> d.prefix("one/"));
        client.startDeliveryStreamEncryption(e -> e.deliveryStreamName("made"));
        put("made", "one");
        service.flush().get(60, TimeUnit.SECONDS); // its lane has a state then

        restartWithout("/lanes/");
        assertThat(describe("made").deliveryStreamEncryptionConfiguration().status())
                .isEqualTo(DeliveryStreamEncryptionStatus.ENABLED);

        restartWithout("/keys");
        assertUnavailable(() -> describe("made"));
    }

    @Test
    void the_log_says_of_a_deleted_stream_that_nobody_knows_what_it_discards() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger("io.delivery.stream.Removal");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            create("made", d -> d.prefix("one/"));
            put("made", "one");
            service.flush().get(60, TimeUnit.SECONDS); // its lane has a state then
            restartWithout("/lanes/");
            client.deleteDeliveryStream(d -> d.deliveryStreamName("made"));
            await().until(() -> service.status().size() == 1);

            create("made", d -> d.prefix("two/"));
            put("made", "two");
            stop();
            Path directory = files("stream.meta").get(0).getParent();
            try (Machine machine = new Machine()) {
                StreamRemoval.mark(directory, machine.world()); // and the process has died
            }
            start();
        } finally {
            log.detachAppender(lines);
            log.setLevel(null);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.startsWith("stream deleted: stream=made "))
                .hasSize(2)
                .allMatch(line -> line.contains("/made~"))
                .allMatch(line -> line.endsWith(" discarded=unknown"));
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FirehoseException.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(503));
    }
}
