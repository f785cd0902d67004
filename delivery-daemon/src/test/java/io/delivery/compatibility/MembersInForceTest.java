package io.delivery.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.api.control.Resolver;
import io.delivery.compatibility.ApiModel.Member;
import io.delivery.compatibility.ApiModel.Side;
import io.delivery.compatibility.MemberTable.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether a member of a destination changes what the engine runs. One that does not is ignored, and
 * must be called so; one that is called supported must not be ignored.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MembersInForceTest {
    private static final String DESTINATION = "ExtendedS3DestinationConfiguration";

    private final ApiModel model = ApiModel.read();
    private final MemberTable table = MemberTable.read();
    private final SampleValues samples = new SampleValues(model);

    private Resolver resolver;

    @BeforeAll
    void configure(@TempDir Path folder) throws Exception {
        resolver = new NamesOf(ApiCaller.configuration(folder).config());
    }

    Stream<Member> members() {
        return model.members("CreateDeliveryStream", Side.INPUT, table::isEnd).stream()
                .filter(member -> member.names().get(0).equals(DESTINATION));
    }

    @ParameterizedTest
    @MethodSource("members")
    void a_member_is_in_force_unless_it_is_only_kept(Member member) {
        List<String> names = member.names().subList(1, member.names().size());
        ObjectNode without = SampleStreams.destinationFor(names);

        boolean matters =
                samples.all(member.name(), member.shape()).stream()
                        .anyMatch(
                                value ->
                                        !outcome(SampleStreams.with(without, names, value))
                                                .equals(outcome(without)));

        assertThat(matters).isEqualTo(table.of(member).orElseThrow().kind() != Kind.KEPT);
    }

    /** What the engine would run, or why it would not. */
    private Object outcome(JsonNode destination) {
        ObjectNode request = ApiCaller.named("sample");
        request.set(DESTINATION, destination);
        try {
            return DefinitionReader.accept(resolver, "sample", ApiDefinition.of(request));
        } catch (ApiException refused) {
            return refused.getMessage();
        }
    }
}
