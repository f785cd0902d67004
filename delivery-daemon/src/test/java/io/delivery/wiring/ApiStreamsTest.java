package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.firehose.model.ConcurrentModificationException;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamStatus;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationDescription;
import software.amazon.awssdk.services.firehose.model.InvalidArgumentException;
import software.amazon.awssdk.services.firehose.model.LimitExceededException;
import software.amazon.awssdk.services.firehose.model.ProcessorParameterName;
import software.amazon.awssdk.services.firehose.model.ProcessorType;
import software.amazon.awssdk.services.firehose.model.ResourceInUseException;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;
import software.amazon.awssdk.services.firehose.model.S3BackupMode;
import software.amazon.awssdk.services.firehose.model.Tag;

/** Streams that the SDK of AWS creates, changes and deletes. */
@SuppressWarnings({"deprecation", "unchecked"}) // S3DestinationConfiguration; varargs of builders
class ApiStreamsTest extends ApiWorld {
    @Test
    void a_stream_that_was_created_takes_records_at_once_and_they_land() throws Exception {
        var created = client.createDeliveryStream(request("made", d -> d.prefix("raw/")));
        put("made", "one");
        service.flush().get(20, TimeUnit.SECONDS);

        assertThat(created.deliveryStreamARN())
                .isEqualTo("arn:aws:firehose:us-east-1:000000000000:deliverystream/made");
        assertThat(objects()).hasSize(1).allMatch(key -> key.startsWith("raw/"));
        assertThat(client.listDeliveryStreams().deliveryStreamNames())
                .containsExactly("fixed", "made");
    }

    @Test
    void describe_shows_the_defaults_of_the_service_in_both_forms() {
        create("made", d -> {});

        DeliveryStreamDescription shown = describe("made");

        assertThat(shown.versionId()).isEqualTo("1");
        assertThat(shown.deliveryStreamStatus()).isEqualTo(DeliveryStreamStatus.ACTIVE);
        assertThat(shown.lastUpdateTimestamp()).isNull();
        assertThat(shown.destinations().get(0).destinationId())
                .isEqualTo("destinationId-000000000001");
        var s3 = shown.destinations().get(0).s3DestinationDescription();
        assertThat(s3.bufferingHints().sizeInMBs()).isEqualTo(5);
        assertThat(s3.bufferingHints().intervalInSeconds()).isEqualTo(300);
        assertThat(s3.compressionFormatAsString()).isEqualTo("UNCOMPRESSED");
        assertThat(s3.encryptionConfiguration().noEncryptionConfigAsString())
                .isEqualTo("NoEncryption");
        assertThat(s3.cloudWatchLoggingOptions().enabled()).isFalse();
        assertThat(s3.prefix()).isNull();
        assertThat(destination("made").s3BackupMode()).isEqualTo(S3BackupMode.DISABLED);
        assertThat(destination("made").roleARN()).isEqualTo(ROLE);
    }

    @Test
    void the_deprecated_form_of_the_destination_makes_the_same_stream() {
        client.createDeliveryStream(
                c ->
                        c.deliveryStreamName("made")
                                .s3DestinationConfiguration(
                                        d -> d.roleARN(ROLE).bucketARN("arn:aws:s3:::made")));

        assertThat(destination("made").bucketARN()).isEqualTo("arn:aws:s3:::made");
    }

    @Test
    void what_was_given_comes_back_as_it_was_given() {
        create(
                "made",
                d ->
                        d.prefix("p=!{partitionKeyFromQuery:k}/")
                                .errorOutputPrefix("errors/")
                                .bufferingHints(b -> b.sizeInMBs(64).intervalInSeconds(60))
                                .cloudWatchLoggingOptions(
                                        l -> l.enabled(true).logGroupName("g").logStreamName("s"))
                                .encryptionConfiguration(
                                        e ->
                                                e.kmsEncryptionConfig(
                                                        k ->
                                                                k.awskmsKeyARN(
                                                                        "arn:aws:kms:us-east-1:000000000000:key/k")))
                                .dynamicPartitioningConfiguration(p -> p.enabled(true))
                                .customTimeZone("Europe/Berlin")
                                .s3BackupMode(S3BackupMode.ENABLED)
                                .s3BackupConfiguration(
                                        b -> b.roleARN(ROLE).bucketARN("arn:aws:s3:::kept"))
                                .processingConfiguration(
                                        p ->
                                                p.enabled(true)
                                                        .processors(
                                                                q ->
                                                                        q.type(
                                                                                        ProcessorType
                                                                                                .METADATA_EXTRACTION)
                                                                                .parameters(
                                                                                        a ->
                                                                                                a.parameterName(
                                                                                                                ProcessorParameterName
                                                                                                                        .JSON_PARSING_ENGINE)
                                                                                                        .parameterValue(
                                                                                                                "JQ-1.6"),
                                                                                        a ->
                                                                                                a.parameterName(
                                                                                                                ProcessorParameterName
                                                                                                                        .METADATA_EXTRACTION_QUERY)
                                                                                                        .parameterValue(
                                                                                                                "{k: .k}")))));

        ExtendedS3DestinationDescription shown = destination("made");

        assertThat(shown.cloudWatchLoggingOptions().logGroupName()).isEqualTo("g");
        assertThat(shown.encryptionConfiguration().kmsEncryptionConfig().awskmsKeyARN())
                .endsWith("key/k");
        assertThat(shown.customTimeZone()).isEqualTo("Europe/Berlin");
        assertThat(shown.dynamicPartitioningConfiguration().retryOptions().durationInSeconds())
                .isEqualTo(300);
        assertThat(shown.s3BackupDescription().bucketARN()).isEqualTo("arn:aws:s3:::kept");
        assertThat(shown.s3BackupDescription().bufferingHints().intervalInSeconds()).isEqualTo(300);
        assertThat(shown.processingConfiguration().processors().get(0).parameters())
                .extracting(parameter -> parameter.parameterNameAsString())
                .containsExactly("MetadataExtractionQuery", "JsonParsingEngine");
    }

    @Test
    void it_is_there_after_a_restart_with_its_records_and_its_version() throws Exception {
        create("made", d -> d.prefix("old/"));
        update("made", u -> u.prefix("new/"));
        put("made", "one");

        restart();
        service.flush().get(20, TimeUnit.SECONDS);

        assertThat(describe("made").versionId()).isEqualTo("2");
        assertThat(destination("made").prefix()).isEqualTo("new/");
        assertThat(objects()).hasSize(1).allMatch(key -> key.startsWith("new/"));
    }

    @Test
    void an_update_merges_and_the_same_one_again_is_no_change() {
        create("made", d -> d.prefix("old/").compressionFormat("GZIP"));

        update("made", u -> u.bufferingHints(b -> b.sizeInMBs(7)));
        update("made", u -> u.bufferingHints(b -> b.sizeInMBs(7)));

        assertThat(describe("made").versionId()).isEqualTo("2");
        assertThat(describe("made").lastUpdateTimestamp()).isNotNull();
        assertThat(destination("made").bufferingHints().sizeInMBs()).isEqualTo(7);
        assertThat(destination("made").bufferingHints().intervalInSeconds()).isEqualTo(300);
        assertThat(destination("made").prefix()).isEqualTo("old/");
        assertThat(destination("made").compressionFormatAsString()).isEqualTo("GZIP");
    }

    @Test
    void an_update_of_another_version_or_destination_is_refused() {
        create("made", d -> {});

        assertThatThrownBy(() -> updateOf("made", "7", "destinationId-000000000001"))
                .isInstanceOf(ConcurrentModificationException.class)
                .hasMessageContaining(
                        "Cannot update firehose: made since the current version id: 1 and specified"
                                + " version id: 7 do not match");
        assertThatThrownBy(() -> updateOf("made", "1", "destinationId-2"))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("Destination Id destinationId-2 not found");
        assertThatThrownBy(() -> updateOf("nothing", "1", "destinationId-2"))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Firehose nothing under account 000000000000 not found.");
    }

    private void updateOf(String name, String version, String destination) {
        client.updateDestination(
                u ->
                        u.deliveryStreamName(name)
                                .currentDeliveryStreamVersionId(version)
                                .destinationId(destination)
                                .extendedS3DestinationUpdate(d -> d.prefix("x/")));
    }

    @Test
    void what_is_fixed_at_the_creation_is_not_changed() {
        create(
                "made",
                d ->
                        d.s3BackupMode(S3BackupMode.ENABLED)
                                .s3BackupConfiguration(
                                        b -> b.roleARN(ROLE).bucketARN("arn:aws:s3:::kept")));

        assertThatThrownBy(() -> update("made", u -> u.s3BackupMode(S3BackupMode.DISABLED)))
                .hasMessageContaining("Disabling S3 backup is not currently supported.");
        assertThatThrownBy(
                        () ->
                                update(
                                        "made",
                                        u ->
                                                u.dynamicPartitioningConfiguration(
                                                        p -> p.enabled(true))))
                .isInstanceOf(InvalidArgumentException.class);
        assertThat(describe("made").versionId()).isEqualTo("1");
    }

    @Test
    void a_stream_that_was_deleted_is_gone_and_its_name_is_free() throws Exception {
        create("made", d -> {});
        put("made", "discarded");

        client.deleteDeliveryStream(d -> d.deliveryStreamName("made"));

        await().until(() -> !client.listDeliveryStreams().deliveryStreamNames().contains("made"));
        assertThatThrownBy(() -> put("made", "x")).isInstanceOf(ResourceNotFoundException.class);
        create("made", d -> d.prefix("again/"));
        assertThat(describe("made").versionId()).isEqualTo("1");
    }

    @Test
    void a_name_that_is_taken_is_refused_and_so_is_what_the_configuration_defines() {
        create("made", d -> {});

        assertThatThrownBy(() -> create("made", d -> {}))
                .isInstanceOf(ResourceInUseException.class)
                .hasMessageContaining("Firehose made under accountId 000000000000 already exists");
        assertThatThrownBy(() -> create("fixed", d -> {}))
                .isInstanceOf(ResourceInUseException.class);
        assertThatThrownBy(() -> client.deleteDeliveryStream(d -> d.deliveryStreamName("fixed")))
                .hasMessageContaining("is defined by this server's configuration");
        assertThatThrownBy(() -> updateOf("fixed", "1", "destinationId-000000000001"))
                .hasMessageContaining("is defined by this server's configuration");
    }

    @Test
    void tags_are_kept_and_shown_in_the_order_of_their_keys_and_change_no_version()
            throws Exception {
        client.createDeliveryStream(
                request("made", d -> {}).toBuilder()
                        .tags(t -> t.key("team").value("a"), t -> t.key("empty"))
                        .build());
        assertThat(tags("made")).containsExactly("empty=null", "team=a");

        client.tagDeliveryStream(
                t ->
                        t.deliveryStreamName("made")
                                .tags(
                                        g -> g.key("team").value("b"),
                                        g -> g.key("zone").value("1"),
                                        g -> g.key("zone").value("2")));
        client.untagDeliveryStream(
                u -> u.deliveryStreamName("made").tagKeys("empty", "never there"));
        restart();

        assertThat(tags("made")).containsExactly("team=b", "zone=2");
        assertThat(describe("made").versionId()).isEqualTo("1");
        var first = client.listTagsForDeliveryStream(l -> l.deliveryStreamName("made").limit(1));
        assertThat(first.hasMoreTags()).isTrue();
        assertThat(
                        client.listTagsForDeliveryStream(
                                        l ->
                                                l.deliveryStreamName("made")
                                                        .exclusiveStartTagKey("team"))
                                .tags())
                .hasSize(1);
    }

    private List<String> tags(String name) {
        return client.listTagsForDeliveryStream(l -> l.deliveryStreamName(name)).tags().stream()
                .map(tag -> tag.key() + "=" + tag.value())
                .toList();
    }

    @Test
    void more_than_fifty_tags_are_refused_and_none_of_them_is_kept() {
        create("made", d -> {});
        List<Tag> fifty =
                IntStream.range(0, 50).mapToObj(i -> Tag.builder().key("k" + i).build()).toList();
        client.tagDeliveryStream(t -> t.deliveryStreamName("made").tags(fifty));

        assertThatThrownBy(
                        () ->
                                client.tagDeliveryStream(
                                        t ->
                                                t.deliveryStreamName("made")
                                                        .tags(g -> g.key("one more"))))
                .isInstanceOf(LimitExceededException.class);
        assertThat(tags("made")).hasSize(50);
        assertThatThrownBy(
                        () ->
                                client.tagDeliveryStream(
                                        t -> t.deliveryStreamName("fixed").tags(g -> g.key("k"))))
                .hasMessageContaining("is defined by this server's configuration");
        assertThat(tags("fixed")).isEmpty();
    }
}
