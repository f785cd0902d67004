package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.ObjectListing.Depth;
import io.delivery.landing.ObjectListing.Listed;
import io.delivery.landing.ObjectListing.Look;
import io.delivery.record.ObjectName;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Stores that are busy for a moment, and stores that are away. */
class S3ListingTest {
    private static final ObjectName NAME = new ObjectName("bucket", "key");

    private final Deque<RuntimeException> failures = new ArrayDeque<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final S3Listing listing = new S3Listing(new Busy(), new ReadAttempts(pauses::add));
    private int requests;

    private static RuntimeException status(int status) {
        return S3Exception.builder().statusCode(status).build();
    }

    private <T> T answer(T good) {
        requests++;
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
        return good;
    }

    private Look look() {
        Supplier<HeadObjectResponse> head =
                () -> answer(HeadObjectResponse.builder().contentLength(7L).build());
        return listing.look(head, NAME, Depth.ATTRIBUTES);
    }

    @Test
    void a_store_that_is_busy_for_a_moment_is_asked_again_after_a_pause() throws IOException {
        failures.add(status(503));
        failures.add(status(429));
        failures.add(
                SdkClientException.create("no answer", new SocketTimeoutException("time-out")));

        assertThat(look()).isInstanceOf(Look.Present.class);

        assertThat(requests).isEqualTo(4);
        assertThat(pauses).hasSize(3).isSorted();
    }

    @Test
    void listings_are_asked_for_again_page_by_page() throws IOException {
        List<Listed> listed = new ArrayList<>();
        failures.add(status(500));

        listing.list("bucket", "", listed::add);
        failures.add(status(502));

        assertThat(listing.uploads("bucket", "").unseen()).isEmpty();
        assertThat(listed).isEmpty();
        assertThat(pauses).hasSize(2);
    }

    @Test
    void what_is_refused_or_absent_is_asked_for_once() {
        failures.add(status(403));
        failures.add(status(404));
        failures.add(status(501));

        assertThat(look()).isInstanceOf(Look.Unseen.class);
        assertThat(look()).isInstanceOf(Look.Absent.class);
        assertThat(look()).isInstanceOf(Look.Unseen.class);

        assertThat(pauses).isEmpty();
    }

    @Test
    void a_store_that_is_away_is_waited_for_once_and_not_for_every_object() {
        for (int i = 0; i < 6; i++) {
            failures.add(status(503));
        }

        assertThat(look()).isInstanceOf(Look.Unseen.class);
        assertThat(look()).isInstanceOf(Look.Unseen.class);
        assertThatThrownBy(() -> listing.list("bucket", "", object -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("503");
        assertThat(requests).isEqualTo(6);
        assertThat(pauses).hasSize(3);

        failures.add(status(404));
        assertThat(look()).isInstanceOf(Look.Absent.class);
        failures.add(status(503));
        assertThat(look()).isInstanceOf(Look.Present.class);
        assertThat(pauses).hasSize(4);
    }

    /** Empty, when it answers. */
    private final class Busy implements S3Client {
        @Override
        public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
            return answer(ListObjectsV2Response.builder().build());
        }

        @Override
        public ListMultipartUploadsResponse listMultipartUploads(
                ListMultipartUploadsRequest request) {
            return answer(
                    (ListMultipartUploadsResponse)
                            ListMultipartUploadsResponse.builder()
                                    .sdkHttpResponse(
                                            SdkHttpResponse.builder().statusCode(200).build())
                                    .build());
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
