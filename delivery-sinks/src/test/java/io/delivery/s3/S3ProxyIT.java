package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition.Acl;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Presence;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.S3ProxyServer;
import io.delivery.testkit.servers.S3Server;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S3Proxy, objects in memory: in every build. */
class S3ProxyIT extends S3StoreContract {
    @Override
    String title() {
        return "S3Proxy";
    }

    @Override
    Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    boolean inEachBuild() {
        return true;
    }

    @Override
    S3Server start() {
        return S3ProxyServer.start();
    }

    /** 501 is not mistaken for a word about the condition. */
    @Deviation("`acl` is refused")
    @Test
    @Override
    protected void the_bucket_owner_may_be_given_control() throws Exception {
        Change change = new Change();
        change.acl = Acl.BUCKET_OWNER_FULL_CONTROL;
        S3Store giving = open(change);

        Landing refused = landIn(giving, SampleContent.of("x"), name("acl"));

        assertThat(denied(refused).code()).isEqualTo("NotImplemented");
        assertThat(denied(refused).remedy()).contains("acl: none");
        assertThat(contentOf(name("acl"))).isEmpty();
        landIn(store(), SampleContent.of("first"), name("acl"));
        Landing second = landIn(giving, SampleContent.of("second"), name("acl"));
        assertThat(second).isNotInstanceOf(Landing.Landed.class);
        assertThat(contentOf(name("acl"))).hasValue("first".getBytes(StandardCharsets.UTF_8));
    }

    /** Objects are files of a file system in memory. */
    @Deviation("an object key below another one is answered 500")
    @Test
    @Override
    protected void a_key_below_another_lands_or_is_refused() throws Exception {
        landIn(store(), SampleContent.of("x"), name("below"));

        Landing landing = landIn(store(), SampleContent.of("y"), name("below/it"));

        assertThat(landing).isInstanceOf(Landing.Unknown.class);
        assertThat(contentOf(name("below"))).hasValue("x".getBytes(StandardCharsets.UTF_8));
    }

    @Deviation("object keys may have any length")
    @Test
    @Override
    protected void a_key_that_is_refused_alone_is_told_from_every_other_refusal() throws Exception {
        Landing landing = landIn(store(), SampleContent.of("x"), name(refusedKey()));

        assertThat(landing).isInstanceOf(Landing.Landed.class);
    }

    @Deviation("object keys with `.` or `..` segments are resolved, or answered 500")
    @ParameterizedTest
    @ValueSource(strings = {"slashes//in a row", "/leading"})
    @Override
    protected void keys_that_stores_rewrite_are_refused_or_found(String key) throws Exception {
        super.keys_that_stores_rewrite_are_refused_or_found(key);
    }

    @Deviation("an object whose key ends with `/` loses its content, which is noticed")
    @Test
    void content_lost_by_a_key_that_ends_with_a_slash_is_noticed() throws Exception {
        SampleContent content = SampleContent.of("lost");

        landIn(store(), content, name("directory/"));

        assertThat(findIn(store(), content, name("directory/")).presence())
                .isEqualTo(Presence.UNKNOWN);
    }

    /** It resolves dots like a file system, and fails when that leads to nothing. */
    @Test
    void keys_with_dots_do_not_land() throws Exception {
        SampleContent content = SampleContent.of("dots");

        Landing landing = landIn(store(), content, name("dots/../in/./it"));

        assertThat(landing).isInstanceOf(Landing.Unknown.class);
        assertThat(contentOf(name("in/it"))).isEmpty();
    }
}
