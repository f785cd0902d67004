package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.quota.Quotas;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.config.Glob;
import io.delivery.config.Quota;
import io.delivery.config.QuotaRule;
import io.delivery.metrics.Metrics;
import io.delivery.stream.ThrottledException;
import io.delivery.testkit.ManualClock;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A quota counts what was accepted. */
class QuotaGivenBackTest {
    @Test
    void what_a_stream_does_not_accept_is_not_taken_from_its_quota() throws Exception {
        Quotas quotas = new Quotas(new ManualClock(), Metrics.NONE);
        Quota two = new Quota(Optional.of(2L), Optional.of(2L), Optional.of(2L));
        quotas.rules(List.of(new QuotaRule(new Glob("*"), two)));
        FakeStream clicks = new FakeStream("clicks");
        clicks.limit(quotas.of("clicks"));
        clicks.throttle(ThrottledException.Cause.JOURNAL_FULL);
        try (ApiServer server =
                new ApiServer(
                        new ApiSettings(
                                "127.0.0.1", 0, Optional.empty(), "us-east-1", "000000000000"),
                        FakeStream.among(clicks),
                        RequestVerifier.UNCHECKED,
                        TestClock.real(),
                        Metrics.NONE)) {
            server.start();
            for (int i = 0; i < 5; i++) {
                assertThat(put(server)).isEqualTo(503);
            }

            clicks.throttleNoMore();

            assertThat(put(server)).isEqualTo(200);
            assertThat(put(server)).isEqualTo(200);
        }
        assertThat(clicks.texts()).containsExactly("A", "A");
    }

    private static int put(ApiServer server) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri())
                                .header("Content-Type", "application/x-amz-json-1.1")
                                .header("X-Amz-Target", "Firehose_20150804.PutRecord")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"DeliveryStreamName\":\"clicks\",\"Record\":{\"Data\":\"QQ==\"}}"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
