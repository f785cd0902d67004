package io.delivery.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.api.control.Resolver;
import io.delivery.compatibility.ApiModel.Member;
import io.delivery.compatibility.ApiModel.Side;
import io.delivery.compatibility.MemberTable.Kind;
import io.delivery.config.StreamDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether a member of a destination changes what the engine runs. One that does not is ignored, and
 * must be called so; one that is called supported must not be ignored. A refusal says nothing of
 * it: a value that is taken must make the difference.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MembersInForceTest {
    private static final String DESTINATION = "ExtendedS3DestinationConfiguration";

    /** A prefix has keys with partitioning and none without: alone it cannot be another one. */
    private static final List<String> PARTITIONED =
            List.of("DynamicPartitioningConfiguration", "Enabled");

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
                .filter(member -> member.names().get(0).equals(DESTINATION))
                .filter(member -> !ofDestination(member).equals(PARTITIONED));
    }

    private static List<String> ofDestination(Member member) {
        return member.names().subList(1, member.names().size());
    }

    @Test
    void whether_keys_of_a_prefix_are_taken_is_decided_by_dynamic_partitioning() {
        ObjectNode with = SampleStreams.destinationFor(PARTITIONED);

        assertThat(read(with).partitioning()).isPresent();
        assertThatThrownBy(() -> read(SampleStreams.with(with, PARTITIONED, BooleanNode.FALSE)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("when Dynamic Partitioning is enabled");
    }

    @ParameterizedTest
    @MethodSource("members")
    void a_member_is_in_force_unless_it_is_only_kept(Member member) {
        List<String> names = ofDestination(member);
        ObjectNode without = SampleStreams.destinationFor(names);

        StreamDefinition base = read(without);
        boolean matters =
                samples.all(member.name(), member.shape()).stream()
                        .flatMap(value -> taken(SampleStreams.with(without, names, value)).stream())
                        .anyMatch(other -> !other.equals(base));

        assertThat(matters).isEqualTo(table.of(member).orElseThrow().kind() != Kind.KEPT);
    }

    /** What the engine would run. */
    private StreamDefinition read(JsonNode destination) {
        ObjectNode request = ApiCaller.named("sample");
        request.set(DESTINATION, destination);
        return DefinitionReader.accept(resolver, "sample", ApiDefinition.of(request));
    }

    private Optional<StreamDefinition> taken(JsonNode destination) {
        try {
            return Optional.of(read(destination));
        } catch (ApiException refused) {
            return Optional.empty();
        }
    }
}
