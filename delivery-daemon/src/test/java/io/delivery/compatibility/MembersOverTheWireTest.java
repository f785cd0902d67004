package io.delivery.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.compatibility.ApiCaller.Answer;
import io.delivery.compatibility.ApiModel.Member;
import io.delivery.compatibility.ApiModel.Side;
import io.delivery.compatibility.MemberTable.Kind;
import io.delivery.compatibility.MemberTable.Row;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the table says of members, asked of a server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MembersOverTheWireTest {
    private static final String CREATE = "CreateDeliveryStream";
    private static final String UPDATE = "UpdateDestination";
    private static final String EXTENDED = "ExtendedS3DestinationConfiguration";

    /** What a structure is called in a description. */
    private static final Map<String, String> SHOWN_AS =
            Map.of(
                    "S3BackupConfiguration", "S3BackupDescription",
                    "S3BackupUpdate", "S3BackupDescription");

    private final ApiModel model = ApiModel.read();
    private final MemberTable table = MemberTable.read();
    private final SampleValues samples = new SampleValues(model);
    private final AtomicInteger streams = new AtomicInteger();
    private ApiCaller caller;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        caller = ApiCaller.start(folder);
    }

    @AfterAll
    void stop() {
        if (caller != null) {
            caller.close();
        }
    }

    /** A stream that was deleted is there for a while. */
    private String newName() {
        return "stream-" + streams.incrementAndGet();
    }

    // --- refused ---

    /** A member that is refused, or one word of it. */
    record Refused(Member member, JsonNode value, Row row) {
        @Override
        public String toString() {
            return row.key();
        }
    }

    Stream<Refused> refused() {
        List<Refused> all = new ArrayList<>();
        for (String operation : model.operations()) {
            for (Member member : model.members(operation, Side.INPUT, table::isEnd)) {
                Row row = table.of(member).orElseThrow();
                if (row.kind() == Kind.REFUSED) {
                    JsonNode value = samples.all(member.name(), member.shape()).get(0);
                    all.add(new Refused(member, value, row));
                }
                for (String word : model.words(member.shape())) {
                    table.of(member, word)
                            .ifPresent(
                                    of -> all.add(new Refused(member, TextNode.valueOf(word), of)));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void what_is_refused_is_refused_with_the_message_of_the_table(Refused refused)
            throws Exception {
        Member member = refused.member();
        ObjectNode request = samples.structure(model.top(member.operation(), Side.INPUT).get());
        String name = newName();
        request.put("DeliveryStreamName", name);
        if (member.operation().equals(CREATE)) {
            request.set(EXTENDED, samples.structure(EXTENDED));
        }
        if (member.operation().equals(UPDATE)) {
            given(name, SampleStreams.destinationFor(List.of()));
            request = caller.updateOf(name);
        }
        if (member.name().matches(".*Destination(Configuration|Update)")) {
            request.remove(EXTENDED);
        }

        Answer answer =
                caller.call(
                        member.operation(),
                        SampleStreams.with(request, member.names(), refused.value()));

        assertThat(answer.message()).isEqualTo(refused.row().text());
        assertThat(answer.type()).isEqualTo("InvalidArgumentException");
        assertThat(answer.status()).isEqualTo(400);
        caller.call("DeleteDeliveryStream", ApiCaller.named(name));
    }

    // --- taken ---

    private static boolean isTaken(Row row) {
        return !row.kind().coversBelow();
    }

    /** Members of a destination; those of processors depend on each other, and are named rows. */
    private Stream<Member> destinationMembers(String operation, String suffix) {
        return model.members(operation, Side.INPUT, table::isEnd).stream()
                .filter(member -> member.names().get(0).matches("(Extended)?S3" + suffix))
                .filter(member -> isTaken(table.of(member).orElseThrow()))
                .filter(member -> !member.names().contains("Processors"));
    }

    Stream<Member> created() {
        return destinationMembers(CREATE, "DestinationConfiguration");
    }

    Stream<Member> updated() {
        return destinationMembers(UPDATE, "DestinationUpdate");
    }

    private void given(String name, JsonNode destination) throws Exception {
        assertThat(create(name, EXTENDED, destination).message()).isEmpty();
    }

    private Answer create(String name, String form, JsonNode destination) throws Exception {
        ObjectNode request = ApiCaller.named(name);
        request.set(form, destination);
        return caller.call(CREATE, request);
    }

    @ParameterizedTest
    @MethodSource("created")
    void what_is_given_at_the_creation_is_shown_as_it_was_given(Member member) throws Exception {
        List<String> names = member.names().subList(1, member.names().size());
        List<String> refusals = new ArrayList<>();
        int shown = 0;
        for (JsonNode value : samples.all(member.name(), member.shape())) {
            String name = newName();
            ObjectNode destination = SampleStreams.with(destinationIn(member, names), names, value);
            Answer answer = create(name, member.names().get(0), destination);
            if (answer.status() == 200) {
                assertShown(name, names, value);
                shown++;
            } else {
                refusals.add(value + ": " + answer.message());
            }
            caller.call("DeleteDeliveryStream", ApiCaller.named(name));
        }
        assertWordsAreTaken(member, shown, refusals);
    }

    @ParameterizedTest
    @MethodSource("updated")
    void what_is_changed_by_an_update_is_shown_as_it_was_given(Member member) throws Exception {
        List<String> names = member.names().subList(1, member.names().size());
        List<String> refusals = new ArrayList<>();
        int shown = 0;
        for (JsonNode value : samples.all(member.name(), member.shape())) {
            String name = newName();
            given(name, SampleStreams.destinationFor(names));
            ObjectNode request = caller.updateOf(name);
            Answer answer = caller.call(UPDATE, SampleStreams.with(request, member.names(), value));
            if (answer.status() == 200) {
                assertShown(name, names, value);
                shown++;
            } else {
                refusals.add(value + ": " + answer.message());
            }
            caller.call("DeleteDeliveryStream", ApiCaller.named(name));
        }
        assertWordsAreTaken(member, shown, refusals);
    }

    /** Every word of an enumeration is taken, and of other values at least one. */
    private void assertWordsAreTaken(Member member, int shown, List<String> refusals) {
        assertThat(shown).as("%s", refusals).isPositive();
        if (!model.words(member.shape()).isEmpty()) {
            assertThat(refusals).isEmpty();
        }
    }

    private static ObjectNode destinationIn(Member member, List<String> names) {
        ObjectNode destination = SampleStreams.destinationFor(names);
        if (!member.names().get(0).equals(EXTENDED)) {
            destination.remove("S3BackupConfiguration");
        }
        return destination;
    }

    private void assertShown(String name, List<String> names, JsonNode value) throws Exception {
        JsonNode shown = caller.describe(name).path("Destinations").path(0);
        List<String> there =
                names.stream().map(member -> SHOWN_AS.getOrDefault(member, member)).toList();
        JsonNode extended = shown.path("ExtendedS3DestinationDescription");
        assertThat(plain(SampleStreams.at(extended, there))).isEqualTo(plain(value));
        if (model.shape("S3DestinationDescription").get("members").has(there.get(0))) {
            JsonNode twin = shown.path("S3DestinationDescription");
            assertThat(plain(SampleStreams.at(twin, there)))
                    .as("S3DestinationDescription")
                    .isEqualTo(plain(value));
        }
    }

    @Test
    void the_throughput_hint_is_shown_as_it_was_given() throws Exception {
        String name = newName();
        ObjectNode request = ApiCaller.named(name);
        request.putObject("DirectPutSourceConfiguration").put("ThroughputHintInMBs", 7);
        request.set(EXTENDED, SampleStreams.destinationFor(List.of()));
        assertThat(caller.call(CREATE, request).message()).isEmpty();

        assertThat(
                        caller.describe(name)
                                .path("Source")
                                .path("DirectPutSourceDescription")
                                .path("ThroughputHintInMBs")
                                .asInt())
                .isEqualTo(7);
        caller.call("DeleteDeliveryStream", ApiCaller.named(name));
    }

    /** Numbers of the same value are the same, however they are written. */
    private static Object plain(JsonNode value) {
        return value.isNumber()
                ? new BigDecimal(value.asText()).stripTrailingZeros()
                : value.toString();
    }

    // --- answers ---

    @Test
    void describe_has_every_member_that_it_is_said_to_have_and_no_other() throws Exception {
        Set<String> said = new TreeSet<>();
        model.members("DescribeDeliveryStream", Side.OUTPUT, table::isEnd).stream()
                .filter(member -> isTaken(table.of(member).orElseThrow()))
                .forEach(member -> said.add(member.path()));
        Set<String> shown = new TreeSet<>();

        for (Member member : created().toList()) {
            List<String> names = member.names().subList(1, member.names().size());
            JsonNode value = samples.all(member.name(), member.shape()).get(0);
            String name = newName();
            ObjectNode request = ApiCaller.named(name);
            request.putObject("DirectPutSourceConfiguration").put("ThroughputHintInMBs", 7);
            request.putObject("DeliveryStreamEncryptionConfigurationInput")
                    .put("KeyType", "CUSTOMER_MANAGED_CMK")
                    .put("KeyARN", "arn:aws:kms:us-east-1:000000000000:key/sample");
            request.set(
                    EXTENDED,
                    SampleStreams.with(SampleStreams.destinationFor(names), names, value));
            if (caller.call(CREATE, request).status() == 200) {
                ObjectNode update = caller.updateOf(name);
                update.putObject("S3DestinationUpdate").put("CompressionFormat", "GZIP");
                caller.call(UPDATE, update);
                collect(caller.describe(name), "DeliveryStreamDescription", said, shown);
                caller.call("DeleteDeliveryStream", ApiCaller.named(name));
            }
        }

        assertThat(shown).isEqualTo(said);
    }

    /** Paths of what holds nothing further, and of what is said to be whole. */
    private static void collect(JsonNode node, String path, Set<String> said, Set<String> shown) {
        if (node.isObject() && !said.contains(path)) {
            node.properties()
                    .forEach(
                            member ->
                                    collect(
                                            member.getValue(),
                                            path + "." + member.getKey(),
                                            said,
                                            shown));
        } else if (node.path(0).isObject()) {
            node.forEach(element -> collect(element, path + "[]", said, shown));
        } else {
            shown.add(path);
        }
    }
}
