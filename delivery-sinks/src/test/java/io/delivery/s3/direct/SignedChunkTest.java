package io.delivery.s3.direct;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The SDK's own signer is what the bytes are compared with. */
class SignedChunkTest {
    private static final AwsCredentialsIdentity KEY =
            AwsCredentialsIdentity.create("key", "secret");

    private final SignedChunk chunk = new SignedChunk();

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static SignedRequest signed(
            byte[] body, AwsCredentialsIdentity key, String region, String time, boolean chunks) {
        return AwsV4HttpSigner.create()
                .sign(
                        SignRequest.builder(key)
                                .request(
                                        SdkHttpRequest.builder()
                                                .method(SdkHttpMethod.PUT)
                                                .protocol("http")
                                                .host("127.0.0.1")
                                                .port(9000)
                                                .encodedPath("/lake/x")
                                                .putHeader(
                                                        "Content-Length",
                                                        Integer.toString(body.length))
                                                .build())
                                .payload(ContentStreamProvider.fromByteArray(body))
                                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                                .putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, chunks)
                                .putProperty(
                                        AwsV4HttpSigner.SIGNING_CLOCK,
                                        Clock.fixed(Instant.parse(time), ZoneOffset.UTC))
                                .build());
    }

    private static byte[] sentByTheSdk(SignedRequest signed) throws IOException {
        try (InputStream sent = signed.payload().orElseThrow().newStream()) {
            return sent.readAllBytes();
        }
    }

    private void isTheSame(byte[] body, AwsCredentialsIdentity key, String region, String time)
            throws IOException {
        SignedRequest signed = signed(body, key, region, time, true);

        byte[] framed = chunk.of(signed.request(), body, key).orElseThrow();

        assertThat(framed).isEqualTo(sentByTheSdk(signed));
        assertThat(signed.request().firstMatchingHeader("Content-Length"))
                .contains(Integer.toString(framed.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 255, 22_000, 65_536, SignedChunk.LARGEST})
    void a_body_is_framed_and_signed_as_by_the_sdk(int size) throws Exception {
        isTheSame(bytes(size), KEY, "us-east-1", "2026-12-01T16:00:00Z");
    }

    @Test
    void another_day_region_or_key_signs_with_another_key() throws Exception {
        byte[] body = bytes(100);

        isTheSame(body, KEY, "us-east-1", "2026-12-01T23:59:59Z");
        isTheSame(body, KEY, "us-east-1", "2026-12-02T00:00:00Z");
        isTheSame(body, KEY, "eu-central-1", "2026-12-02T00:00:00Z");
        isTheSame(
                body,
                AwsCredentialsIdentity.create("key", "another"),
                "eu-central-1",
                "2026-12-02T00:00:00Z");
        isTheSame(
                body,
                AwsSessionCredentialsIdentity.create("key", " spaces around it ", "token"),
                "eu-central-1",
                "2026-12-02T00:00:00Z");
        isTheSame(body, KEY, "us-east-1", "2026-12-01T23:59:59Z");
    }

    /** A store splits the credential from its end, so its keys may have slashes. */
    @ParameterizedTest
    @ValueSource(strings = {"team/key", "a/b/c/d/e", "/", "a/20261201/us-east-1/s3/aws4_request"})
    void a_key_may_have_slashes(String accessKeyId) throws Exception {
        isTheSame(
                bytes(100),
                AwsCredentialsIdentity.create(accessKeyId, "secret"),
                "us-east-1",
                "2026-12-01T16:00:00Z");
    }

    @Test
    void a_body_is_copied_once() {
        byte[] body = bytes(SignedChunk.LARGEST);
        SignedRequest signed = signed(body, KEY, "us-east-1", "2026-12-01T16:00:00Z", true);
        assertThat(chunk.of(signed.request(), body, KEY)).isPresent(); // loads classes
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();

        chunk.of(signed.request(), body, KEY);

        assertThat(memory.getCurrentThreadAllocatedBytes() - before)
                .isBetween((long) body.length, 3L * body.length / 2);
    }

    @Test
    void a_body_that_is_signed_as_a_whole_has_no_frames() {
        byte[] body = bytes(100);
        SignedRequest whole = signed(body, KEY, "us-east-1", "2026-12-01T16:00:00Z", false);

        assertThat(chunk.of(whole.request(), body, KEY)).isEmpty();
    }

    @Test
    void a_body_of_more_than_one_chunk_is_left_to_the_sdk() {
        byte[] body = bytes(SignedChunk.LARGEST + 1);
        SignedRequest signed = signed(body, KEY, "us-east-1", "2026-12-01T16:00:00Z", true);

        assertThat(chunk.of(signed.request(), body, KEY)).isEmpty();
    }
}
