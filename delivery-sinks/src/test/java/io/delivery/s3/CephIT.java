package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.CephServer;
import io.delivery.testkit.servers.S3Server;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ceph's Object Gateway, when the tools folder has it. */
class CephIT extends S3StoreContract {
    @Override
    String title() {
        return "Ceph";
    }

    @Override
    Optional<String> missing() {
        return CephServer.missing();
    }

    @Override
    S3Server start() {
        return CephServer.start();
    }

    @Override
    Optional<String> example() {
        return Optional.of("s3-ceph");
    }

    @Override
    void suit(Change change) {
        change.checksums = Checksums.WHEN_REQUIRED;
        change.chunkedEncoding = false;
    }

    @Override
    Map<String, Verdict> probeDeviations() {
        return Map.of("If-None-Match on completion", Verdict.IGNORED);
    }

    /** It looks at the condition of a PUT, and not at that of a completion. */
    @Deviation(
            "an upload in parts replaces what is there, and `partSize` makes objects single PUTs")
    @Test
    @Override
    protected void a_large_object_never_replaces_what_is_visible() throws Exception {
        ObjectName name = name("large/second");
        landIn(store(), SampleContent.of("first"), name);
        Change change = new Change();
        change.partSize = 1L << 30;

        Landing second = landIn(open(change), sample(LARGE), name);

        assertThat(second).isEqualTo(new Landing.Occupied());
        assertThat(contentOf(name)).hasValue("first".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @Override
    protected void a_refused_completion_leaves_no_upload() throws Exception {
        ObjectName name = name("left/refused");
        landIn(store(), SampleContent.of("first"), name);

        Landing landing = landIn(store(), sample((int) PART_SIZE + 1), name);

        assertThat(landing).isInstanceOf(Landing.Landed.class);
        assertThat(raw().listMultipartUploads(b -> b.bucket(bucket())).uploads())
                .noneMatch(upload -> upload.key().equals(name.key()));
    }

    @Deviation("`encryption` without a key of its own is accepted and ignored, as the probe says")
    @Test
    @Override
    protected void encryption_by_the_store_is_asked_for() throws Exception {
        encryptionIsIgnoredAndTheProbeSaysSo();
    }

    @Test
    void the_probe_tells_up_to_which_size_an_object_replaces_no_other() {
        List<Finding> findings = store().probe(bucket(), "sizes/");

        assertThat(findings)
                .filteredOn(finding -> finding.subject().equals("If-None-Match on completion"))
                .extracting(Finding::remedy)
                .containsExactly(
                        "Objects up to partSize, 5 MB, go as single PUTs: raise it if yours are"
                                + " larger.");
    }

    /** It refuses what is signed in chunks when it is compressed or empty, and takes the rest. */
    @Test
    void what_it_refuses_in_chunks_the_probe_finds_with_the_setting_that_helps() throws Exception {
        Change change = new Change();
        change.chunkedEncoding = true;
        S3Store chunking = open(change);

        List<Finding> findings = chunking.probe(bucket(), "chunks/");
        Landing landing = landIn(chunking, SampleContent.of(""), name("empty/chunks"));

        assertThat(landing).isNotInstanceOf(Landing.Landed.class);
        assertThat(findings)
                .filteredOn(Finding::isProblem)
                .allSatisfy(
                        finding ->
                                assertThat(finding.remedy())
                                        .startsWith("Set chunkedEncoding: false"))
                .extracting(Finding::subject)
                .containsExactly("put, compressed", "put, empty");
    }
}
