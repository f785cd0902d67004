package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.GarageServer;
import io.delivery.testkit.servers.S3Server;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Garage, when the tools folder has it. */
class GarageIT extends S3StoreContract {
    @Override
    String title() {
        return "garage";
    }

    @Override
    Optional<String> missing() {
        return GarageServer.missing();
    }

    @Override
    S3Server start() {
        return GarageServer.start();
    }

    @Override
    Optional<String> example() {
        return Optional.of("s3-garage");
    }

    @Override
    void suit(Change change) {
        change.checksums = Checksums.WHEN_REQUIRED;
        change.chunkedEncoding = false;
        change.conditionalWrites = ConditionalWrites.NEVER;
    }

    @Deviation(
            "of several writers of one object key each may win, because it knows no conditional"
                    + " writes")
    @Test
    @Override
    protected void of_landings_that_race_exactly_one_wins() throws Exception {
        anyOfLandingsThatRaceMayWin();
    }

    @Deviation("a wrong key is refused as a right that is missing (403 AccessDenied)")
    @Test
    @Override
    protected void wrong_credentials_are_refused_with_a_remedy() throws Exception {
        Change change = new Change();
        change.credentials =
                new Credentials(server.accessKeyId(), "no-such-secret-123", Optional.empty());

        Landing landing = landIn(open(change), SampleContent.of("x"), name("credentials"));

        assertThat(denied(landing).code()).isEqualTo("AccessDenied");
        assertThat(contentOf(name("credentials"))).isEmpty();
    }

    @Deviation("`encryption` is accepted and nothing is encrypted, as `check --online` says")
    @Test
    @Override
    protected void encryption_by_the_store_is_asked_for() throws Exception {
        encryptionIsIgnoredAndTheProbeSaysSo();
    }

    @Deviation("object keys may have more than 1,024 bytes")
    @Test
    @Override
    protected void a_key_that_is_refused_alone_is_told_from_every_other_refusal() throws Exception {
        Landing landing = landIn(store(), SampleContent.of("x"), name(refusedKey()));

        assertThat(landing).isInstanceOf(Landing.Landed.class);
    }
}
