package io.delivery.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.record.Failure;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyExpressionTest {
    private static final long TIME = Instant.parse("2018-08-27T10:30:05.900Z").toEpochMilli();
    private static final KeySalt SALT = new KeySalt(new Incarnation(1, 2), 3, "main-1", 4_000, 5);
    private static final String NAME = "orders-7-2018-08-27-10-30-05-" + SALT.uuid();
    private static final String BY_ID = "d/id=!{partitionKeyFromQuery:id}/";

    /** The worked examples of the contract's sections 3.2 to 3.4, for one instant. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            textBlock =
                    """
                    - | fail/!{firehose:error-output-type}/ | 2018/08/27/10/ | fail/processing-failed/
                    "" | "" | 2018/08/27/10/ | processing-failed/2018/08/27/10/
                    - | - | 2018/08/27/10/ | processing-failed/2018/08/27/10/
                    legacy | - | legacy2018/08/27/10/ | legacyprocessing-failed/2018/08/27/10/
                    logs/ | - | logs/2018/08/27/10/ | logs/processing-failed/2018/08/27/10/
                    myPrefix | e | myPrefix2018/08/27/10/ | e
                    p/year=!{timestamp:yyyy}/month=!{timestamp:MM}/ | e/year=!{timestamp:yyyy}/!{firehose:error-output-type} | p/year=2018/month=08/ | e/year=2018/processing-failed
                    x/!{timestamp:'year='yyyy}/ | e/!{firehose:error-output-type}/ | x/year=2018/ | e/processing-failed/
                    x/!{timestamp:yyyy} | e/ | x/2018 | e/
                    //x// | / | //x//2018/08/27/10/ | /
                    """)
    void a_prefix_is_evaluated(String prefix, String errorPrefix, String main, String error)
            throws Exception {
        KeyExpression keys = keys(prefix, errorPrefix, ZoneOffset.UTC);

        String mainKey = keys.key(keys.bind(PartitionKeys.NONE), 7, TIME, SALT);
        String errorKey = keys.key(keys.bindError(Failure.Kind.PROCESSING_FAILED), 7, TIME, SALT);

        assertThat(mainKey).isEqualTo(main + NAME + ".gz");
        assertThat(errorKey).isEqualTo(error + NAME);
        assertThat(keys.problems()).isEmpty();
    }

    @Test
    void each_random_string_has_its_own_value_and_each_object_others() throws Exception {
        KeyExpression keys =
                keys(
                        "a/y=!{timestamp:yyyy}/r=!{firehose:random-string}/!{firehose:random-string}/",
                        "f/!{firehose:error-output-type}/!{timestamp:yyyy}/any/!{timestamp:dd}",
                        ZoneOffset.UTC);
        BoundPrefix bound = keys.bind(PartitionKeys.NONE);

        String key = keys.key(bound, 7, TIME, SALT);
        String next =
                keys.key(bound, 7, TIME, new KeySalt(SALT.incarnation(), 3, "main-1", 4_000, 6));

        assertThat(key)
                .matches("a/y=2018/r=[0-9a-f]{8}-[0-9a-f]{2}/[0-9a-f]{8}-[0-9a-f]{2}/orders.*");
        String[] segments = key.split("/");
        assertThat(segments[2].substring(2)).isNotEqualTo(segments[3]);
        assertThat(next.split("/")[3]).isNotEqualTo(segments[3]);
        assertThat(keys.key(bound, 7, TIME, SALT)).isEqualTo(key);
        assertThat(keys.key(keys.bindError(Failure.Kind.PROCESSING_FAILED), 7, TIME, SALT))
                .startsWith("f/processing-failed/2018/any/27orders-7-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            textBlock =
                    """
                    d/!{partitionKeyFromQuery:id}/ | d/x/y/name | d/
                    d/e/id=!{partitionKeyFromQuery:id}/f/ | d/e/id=x/f/name | d/e/
                    !{partitionKeyFromLambda:id}/d/ | x/d/name | ''
                    d!{partitionKeyFromQuery:id}/ | dx/name | ''
                    d/!{timestamp:yyyy/MM}/!{partitionKeyFromQuery:id}/ | d/2018/08/x/name | d/2018/08/
                    d/!{firehose:random-string}/!{partitionKeyFromQuery:id}/ | d/0a/x/name | d/
                    d/e/!{partitionKeyFromQuery:id}/ | d/name | d/name
                    """)
    void the_folders_before_values_are_those_in_which_no_value_has_a_part(
            String prefix, String key, String folders) {
        assertThat(keys(prefix, "e/", ZoneOffset.UTC).ownFolders().of(key)).isEqualTo(folders);
    }

    @Test
    void the_time_zone_rules_folders_and_name_alike() throws Exception {
        KeyExpression keys = keys("logs/", null, ZoneId.of("Asia/Kolkata"));
        long beforeMidnight = Instant.parse("2019-12-31T18:30:00Z").toEpochMilli();

        String key = keys.key(keys.bind(PartitionKeys.NONE), 1, beforeMidnight, SALT);

        assertThat(key).startsWith("logs/2020/01/01/00/orders-1-2020-01-01-00-00-00-");
    }

    @Test
    void a_prefix_without_a_timestamp_but_with_a_key_gets_no_date() throws Exception {
        KeyExpression keys =
                keys(
                        "d/!{partitionKeyFromQuery:id}-!{partitionKeyFromLambda:id}/",
                        "e/",
                        ZoneOffset.UTC);

        BoundPrefix bound =
                keys.bind(new PartitionKeys(Map.of("id", "q", "other", "z"), Map.of("id", "l")));

        assertThat(keys.key(bound, 7, TIME, SALT)).isEqualTo("d/q-l/" + NAME + ".gz");
        assertThat(bound).hasToString("d/q-l/");
    }

    @Test
    void records_of_the_same_values_belong_together_and_others_do_not() throws Exception {
        KeyExpression keys =
                keys(
                        "!{partitionKeyFromQuery:a}!{timestamp:yyyy}!{partitionKeyFromQuery:b}/",
                        "e/",
                        ZoneOffset.UTC);

        BoundPrefix first = keys.bind(query("a", "x", "b", "y"));
        BoundPrefix other = keys.bind(query("a", "x!{timestamp:yyyy}", "b", "y"));
        BoundPrefix again = keys.bind(query("a", new String("x"), "b", new String("y")));
        BoundPrefix moved = keys.bind(query("a", "x", "b", "!{timestamp:yyyy}y"));

        assertThat(again).isSameAs(first);
        assertThat(Set.of(first.identity(), other.identity(), moved.identity())).hasSize(3);
    }

    @Test
    void a_stream_without_partitions_has_one_identity_and_errors_have_others() throws Exception {
        KeyExpression keys = keys("logs/", null, ZoneOffset.UTC);

        BoundPrefix bound = keys.bind(PartitionKeys.NONE);

        assertThat(keys.bind(query("id", ".."))).isSameAs(bound);
        Set<String> identities = new HashSet<>(Set.of(bound.identity()));
        for (Failure.Kind kind : Failure.Kind.values()) {
            BoundPrefix error = keys.bindError(kind);
            assertThat(error.errorKind()).contains(kind);
            assertThat(keys.key(error, 1, TIME, SALT))
                    .startsWith("logs/" + kind.errorOutputType() + "/2018/08/27/10/orders-1-");
            identities.add(error.identity());
        }
        assertThat(bound.errorKind()).isEmpty();
        assertThat(identities).hasSize(1 + Failure.Kind.values().length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a/b",
                "a/b/c",
                "..a",
                "a..b",
                "...",
                " ",
                "ü",
                "日本",
                "😀",
                "a\\b",
                "a?b#c%2F",
                "null",
                "true",
                "-1.5e3"
            })
    void values_are_taken_as_they_are_and_a_slash_makes_folders(String value) throws Exception {
        KeyExpression keys = keys(BY_ID, "e/", ZoneOffset.UTC);

        BoundPrefix bound = keys.bind(query("id", value));

        assertThat(keys.key(bound, 7, TIME, SALT)).isEqualTo("d/id=" + value + "/" + NAME + ".gz");
    }

    /** A directory store makes each of them, and syncs it. */
    @Test
    void values_may_make_32_folders_beyond_those_of_the_prefix() throws Exception {
        KeyExpression one = keys("a/b/c/!{partitionKeyFromQuery:id}/", "e/", ZoneOffset.UTC);
        KeyExpression two =
                keys(
                        "!{partitionKeyFromQuery:id}/!{partitionKeyFromQuery:at}/",
                        "e/",
                        ZoneOffset.UTC);
        String most = "x" + "/x".repeat(32);
        String half = "x" + "/x".repeat(16);

        assertThat(one.key(one.bind(query("id", most)), 7, TIME, SALT)).startsWith("a/b/c/x/x/");
        assertThat(two.bind(query("id", half, "at", half))).isNotNull();
        for (ThrowingCallable tooMany :
                List.<ThrowingCallable>of(
                        () -> one.bind(query("id", most + "/x")),
                        () -> one.bind(query("id", "x" + "/x".repeat(239))),
                        () -> two.bind(query("id", half, "at", half + "/x")))) {
            assertThatThrownBy(tooMany)
                    .isInstanceOf(RecordFailedException.class)
                    .hasMessageContaining(
                            "partitionKeys values make an object key that has more than 32 folders beyond those of the prefix");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    d/!{partitionKeyFromQuery:id}/ | /a | an empty segment
                    d/!{partitionKeyFromQuery:id}/ | a/ | an empty segment
                    d/!{partitionKeyFromQuery:id}/ | a//b | an empty segment
                    d/!{partitionKeyFromQuery:id}/ | / | an empty segment
                    !{partitionKeyFromQuery:id}/ | /a | an empty segment
                    //!{partitionKeyFromQuery:id}/ | a//b | an empty segment
                    d/!{partitionKeyFromQuery:id}/ | . | a segment that is '.' or '..'
                    d/!{partitionKeyFromQuery:id}/ | .. | a segment that is '.' or '..'
                    d/!{partitionKeyFromQuery:id}/ | a/../../b | a segment that is '.' or '..'
                    d/.!{partitionKeyFromQuery:id}/ | . | a segment that is '.' or '..'
                    d/!{partitionKeyFromQuery:id} | ../ | a segment that is '.' or '..'
                    """)
    void data_cannot_make_segments_that_name_other_places(
            String prefix, String value, String message) {
        KeyExpression keys = keys(prefix, "e/", ZoneOffset.UTC);

        assertRefused(keys, value, "partitionKeys values make an object key that has " + message);
    }

    @Test
    void data_cannot_make_characters_that_no_listing_shows() {
        KeyExpression keys = keys(BY_ID, "e/", ZoneOffset.UTC);
        String lead = "partitionKeys values make an object key that has ";

        for (char control : new char[] {0, 1, '\n', '\r', '\t', 0x1F, 0x7F, 0x80, 0x9F}) {
            assertRefused(keys, "a" + control + "b", lead + "a control character");
        }
        for (String half :
                new String[] {"\uD800", "\uDC00", "\uDC00\uD800", "a\uD83D", "\uD83Db"}) {
            assertRefused(keys, half, lead + "half of a surrogate pair, which is no character");
        }
        assertRefused(keys, "\uFFFF", lead + "a character that XML, and so a listing, cannot hold");
    }

    @Test
    void a_segment_ends_at_255_bytes_a_prefix_at_512_characters_a_key_at_1024_bytes()
            throws Exception {
        KeyExpression keys = keys("!{partitionKeyFromQuery:id}/", "e/", ZoneOffset.UTC);
        String lead = "partitionKeys values make an object key that has ";
        String segment = "s".repeat(255);

        assertThat(keys.bind(query("id", segment))).isNotNull();
        assertRefused(
                keys,
                segment + "s",
                lead + "a segment of more than 255 bytes of UTF-8 between two slashes");
        assertRefused(
                keys,
                "é".repeat(128),
                lead + "a segment of more than 255 bytes of UTF-8 between two slashes");
        assertThat(keys.bind(query("id", segment + "/" + segment))).isNotNull();
        assertRefused(
                keys, segment + "/" + segment + "s", lead + "a prefix of more than 512 characters");
        assertRefused(
                keys,
                "x".repeat(1_000_000),
                "partitionKeys values make a prefix of more than 512 characters");
        assertRefused(keys, "日本日本日本/".repeat(60), lead + "more than 1024 bytes of UTF-8");
    }

    @Test
    void a_value_in_front_of_the_name_leaves_room_for_the_name() {
        KeyExpression keys = keys("!{partitionKeyFromQuery:id}", "e/", ZoneOffset.UTC);

        assertRefused(
                keys,
                "s".repeat(200),
                "partitionKeys values make an object key that has a segment of more than 255 bytes"
                        + " of UTF-8 between two slashes");
    }

    @Test
    void a_missing_or_empty_key_is_refused_in_firehoses_words_with_its_name() {
        KeyExpression keys = keys(BY_ID, "e/", ZoneOffset.UTC);
        Map<String, String> nullValue = new HashMap<>();
        nullValue.put("id", null);

        String message = "partitionKeys values must not be null or empty: partitionKeyFromQuery:id";

        assertRefused(keys, "", message);
        for (PartitionKeys missing :
                new PartitionKeys[] {
                    PartitionKeys.NONE,
                    new PartitionKeys(Map.of(), Map.of("id", "x")),
                    new PartitionKeys(nullValue, Map.of())
                }) {
            assertThatThrownBy(() -> keys.bind(missing))
                    .isInstanceOf(RecordFailedException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void the_key_that_is_missing_is_named_as_the_prefix_has_it() {
        KeyExpression keys =
                keys(
                        "!{partitionKeyFromLambda:a}/!{partitionKeyFromLambda:b}/",
                        "e/",
                        ZoneOffset.UTC);

        assertThatThrownBy(() -> keys.bind(new PartitionKeys(Map.of(), Map.of("a", "x"))))
                .hasMessage(
                        "partitionKeys values must not be null or empty: partitionKeyFromLambda:b");
    }

    @Test
    void a_refused_record_does_not_disturb_its_neighbours() throws Exception {
        KeyExpression keys = keys(BY_ID, "e/", ZoneOffset.UTC);
        String message =
                "partitionKeys values make an object key that has a segment that is '.' or '..'";
        BoundPrefix before = keys.bind(query("id", "a"));

        assertRefused(keys, "a/..", message);
        BoundPrefix after = keys.bind(query("id", "a"));

        assertThat(after).isSameAs(before);
        assertThat(keys.key(after, 7, TIME, SALT)).startsWith("d/id=a/");
        assertRefused(keys, "a/..", message);
    }

    @Test
    void many_more_partitions_than_are_remembered_keep_their_identity() throws Exception {
        KeyExpression keys = keys(BY_ID, "e/", ZoneOffset.UTC);
        Map<String, String> identities = new HashMap<>();

        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 20_000; i++) {
                String value = "v" + i;
                String identity = keys.bind(query("id", value)).identity();
                String former = identities.putIfAbsent(value, identity);
                assertThat(former == null || former.equals(identity)).isTrue();
            }
        }

        assertThat(new HashSet<>(identities.values())).hasSize(20_000);
    }

    @Test
    void whatever_the_data_an_accepted_key_is_legal_at_any_time() throws Exception {
        String[] pieces = {
            "a", "/", ".", "..", "é", "日", "😀", "\uD800", "\n", "x".repeat(120), " "
        };
        KeyExpression keys =
                keys(
                        "l/!{partitionKeyFromQuery:a}!{timestamp:/MMMM/EEEE/}!{partitionKeyFromQuery:b}",
                        "e/",
                        ZoneOffset.UTC);
        Random random = new Random(42);
        int accepted = 0;
        for (int i = 0; i < 5_000; i++) {
            PartitionKeys values = query("a", text(random, pieces), "b", text(random, pieces));
            BoundPrefix bound;
            try {
                bound = keys.bind(values);
            } catch (RecordFailedException refused) {
                assertThat(refused.failure().code())
                        .isEqualTo("DynamicPartitioning.MetadataExtractionFailed");
                continue;
            }
            accepted++;
            long time = (long) (random.nextDouble() * 4_102_444_800_000L);
            String key = keys.key(bound, 1 + random.nextInt(Integer.MAX_VALUE - 1), time, SALT);
            assertThat(key.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(1024);
            assertThat(new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(key);
            for (String segment : key.split("/", -1)) {
                assertThat(segment).isNotIn("", ".", "..").doesNotContain("\n");
                assertThat(segment.getBytes(StandardCharsets.UTF_8).length)
                        .isLessThanOrEqualTo(255);
            }
        }
        assertThat(accepted).isBetween(500, 4_500);
    }

    @Test
    void a_configuration_whose_every_key_is_too_long_is_a_problem() {
        KeyExpression keys =
                KeyExpression.of(
                        Optional.of("p/"),
                        Optional.empty(),
                        ZoneOffset.UTC,
                        "s".repeat(64),
                        "." + "x".repeat(127));

        assertThat(keys.problems())
                .containsExactly(
                        "Prefix: the key of every object has a segment of more than 255 bytes of"
                                + " UTF-8 between two slashes");
    }

    @Test
    void without_an_error_prefix_a_prefix_with_expressions_takes_no_failed_records()
            throws Exception {
        KeyExpression backup = keys("raw/!{timestamp:yyyy}/", null, ZoneOffset.UTC);

        assertThat(backup.key(backup.bind(PartitionKeys.NONE), 7, TIME, SALT))
                .startsWith("raw/2018/orders-7-");
        assertThatThrownBy(() -> backup.bindError(Failure.Kind.PROCESSING_FAILED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ErrorOutputPrefix cannot be null or empty");
    }

    private static String text(Random random, String[] pieces) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(4); n >= 0; n--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static void assertRefused(KeyExpression keys, String value, String message) {
        RecordFailedException refused =
                catchThrowableOfType(
                        RecordFailedException.class, () -> keys.bind(query("id", value)));
        assertThat(refused).as("value of %d characters", value.length()).isNotNull();
        assertThat(refused.failure())
                .isEqualTo(
                        new Failure(
                                Failure.Kind.PROCESSING_FAILED,
                                "DynamicPartitioning.MetadataExtractionFailed",
                                message));
    }

    private static PartitionKeys query(String key, String value) {
        return new PartitionKeys(Map.of(key, value), Map.of());
    }

    private static PartitionKeys query(String one, String value, String other, String otherValue) {
        return new PartitionKeys(Map.of(one, value, other, otherValue), Map.of());
    }

    private static KeyExpression keys(String prefix, String errorPrefix, ZoneId zone) {
        return KeyExpression.of(
                Optional.ofNullable(prefix),
                Optional.ofNullable(errorPrefix),
                zone,
                "orders",
                ".gz");
    }
}
