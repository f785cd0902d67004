package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Presence;
import io.delivery.landing.StoreProbe.BucketState;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.S3Server;
import io.delivery.testkit.servers.SeaweedServer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SeaweedFS, when the tools folder has it. */
class SeaweedIT extends S3StoreContract {
    @Override
    String title() {
        return "SeaweedFS";
    }

    @Override
    Optional<String> missing() {
        return SeaweedServer.missing();
    }

    @Override
    S3Server start() {
        return SeaweedServer.start();
    }

    @Override
    Optional<String> example() {
        return Optional.of("s3-seaweedfs");
    }

    /** It keeps no `application/octet-stream`, and guesses when it is asked. */
    @Deviation("shows the Content-Type that the end of an object key suggests")
    @Test
    @Override
    protected void an_object_carries_mark_checksum_records_and_headers() throws Exception {
        anObjectCarriesWhatBelongsToItAnd("application/gzip");
    }

    @Test
    @Override
    protected void a_multipart_object_carries_the_same_and_tells_its_upload() throws Exception {
        aMultipartObjectCarriesTheSameAnd("application/gzip");
    }

    @Deviation("a bucket that is missing is made by the first object, for a key with the right to")
    @Test
    @Override
    protected void a_missing_bucket_is_refused_or_created_as_wanted() throws Exception {
        ObjectName name = new ObjectName("not-yet-there", "key");
        assertThat(store().bucket(name.bucket())).isEqualTo(BucketState.MISSING);

        Landing landing = landIn(store(), SampleContent.of("x"), name);

        assertThat(landing).isInstanceOf(Landing.Landed.class);
        assertThat(store().bucket(name.bucket())).isEqualTo(BucketState.PRESENT);
    }

    /** It has no master key. */
    @Deviation("`encryption` is answered 500 while it has no key for that")
    @Test
    @Override
    protected void encryption_by_the_store_is_asked_for() throws Exception {
        Change change = new Change();
        change.encryption = new Encryption.Aes256();

        Landing landing = landIn(open(change), SampleContent.of("x"), name("sse/small"));

        assertThat(landing).isInstanceOf(Landing.Unknown.class);
        assertThat(contentOf(name("sse/small"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"slashes//in a row", "/leading", "dots/../in/./it"})
    @Override
    protected void keys_that_stores_rewrite_are_refused_or_found(String key) throws Exception {
        super.keys_that_stores_rewrite_are_refused_or_found(key);
    }

    @Deviation("an object whose key ends with `/` loses its mark, which is noticed")
    @Test
    void a_mark_lost_by_a_key_that_ends_with_a_slash_is_noticed() throws Exception {
        SampleContent content = SampleContent.of("lost");

        landIn(store(), content, name("directory/"));

        assertThat(findIn(store(), content, name("directory/")).presence())
                .isEqualTo(Presence.STRANGER);
    }
}
