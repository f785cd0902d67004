package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.MotoServer;
import io.delivery.testkit.servers.S3Server;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** moto, when the tools folder has it. */
class MotoIT extends S3StoreContract {
    @Override
    String title() {
        return "moto";
    }

    @Override
    Optional<String> missing() {
        return MotoServer.missing();
    }

    @Override
    S3Server start() {
        return MotoServer.start();
    }

    /** It compares no checksums, and tells none of those it was given. */
    @Override
    Map<String, Verdict> probeDeviations() {
        return Map.of("wrong checksum", Verdict.IGNORED, "checksum kept", Verdict.IGNORED);
    }

    @Deviation("of several writers of one object key more than one may win when they come at once")
    @Test
    @Override
    protected void of_landings_that_race_exactly_one_wins() throws Exception {
        anyOfLandingsThatRaceMayWin();
    }

    @Deviation("takes any key")
    @Test
    @Override
    protected void wrong_credentials_are_refused_with_a_remedy() throws Exception {
        Change change = new Change();
        change.credentials = new Credentials("nobody", "nothing-123456", Optional.empty());

        Landing landing = landIn(open(change), SampleContent.of("x"), name("credentials"));

        assertThat(landing).isInstanceOf(Landing.Landed.class);
    }

    @Deviation("object keys may have any length")
    @Test
    @Override
    protected void a_key_that_is_refused_alone_is_told_from_every_other_refusal() throws Exception {
        Landing landing = landIn(store(), SampleContent.of("x"), name(refusedKey()));

        assertThat(landing).isInstanceOf(Landing.Landed.class);
    }
}
