package io.delivery.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixRulesTest {
    private static final String LEAD =
            "Ths supplied prefix(es) do not satisfy the following constraint: ";

    /** The worked examples of the developer guide and of the contract's section 3.3. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            textBlock =
                    """
                    - | -
                    "" | ""
                    - | fail/!{firehose:error-output-type}/
                    a/y=!{timestamp:yyyy}/r=!{firehose:random-string} | f/!{firehose:error-output-type}/!{timestamp:yyyy}/any/!{timestamp:dd}
                    p/year=!{timestamp:yyyy}/month=!{timestamp:MM}/ | e/year=!{timestamp:yyyy}/!{firehose:error-output-type}
                    myPrefix | -
                    x/!{timestamp:'year='yyyy}/ | e/!{firehose:error-output-type}/
                    x/!{timestamp:yyyy}/ | e/
                    //x// | /e
                    """)
    void prefixes_of_the_guide_pass(String prefix, String errorPrefix) {
        assertThat(PrefixRules.validate(prefix, errorPrefix, KeySources.NONE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            textBlock =
                    """
                    !{timestamp:yyyy/MM/dd} | - | Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix cannot be null or empty when Prefix contains expressions
                    !{timestamp:yyyy/MM/dd} | "" | Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix cannot be null or empty when Prefix contains expressions
                    x/!{firehose:error-output-type}/ | e/ | Ths supplied prefix(es) do not satisfy the following constraint: Prefix must not contain !{firehose:error-output-type}; it belongs into ErrorOutputPrefix
                    x/!{timestamp:yyyy}/ | e/!{timestamp:yyyy}/ | Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix must contain !{firehose:error-output-type} when it contains any expression
                    x/!{partitionKeyFromQuery:id}/ | e/ | Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.
                    x/!{partitionKeyFromLambda:id}/ | e/ | Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.
                    x/!{foo:bar}/ | e/ | Prefix at character 3: unknown namespace 'foo'; allowed are timestamp, firehose, partitionKeyFromQuery and partitionKeyFromLambda
                    x/!{timestamp:yyyy | e/ | Prefix at character 3: the expression is not closed by '}'
                    x/ | e/!{x | ErrorOutputPrefix at character 3: the expression is not closed by '}'
                    x/../y/ | - | Prefix: the key of every object has a segment that is '.' or '..'
                    ./ | e/ | Prefix: the key of every object has a segment that is '.' or '..'
                    x/ | ../e/ | ErrorOutputPrefix: the key of every error object has a segment that is '.' or '..'
                    """)
    void a_broken_rule_is_named(String prefix, String errorPrefix, String message) {
        assertThat(PrefixRules.validate(prefix, errorPrefix, KeySources.NONE)).contains(message);
    }

    @Test
    void the_error_prefix_takes_no_partition_keys() {
        KeySources sources = KeySources.ENABLED.withQuery(Set.of("id"));

        assertThat(
                        PrefixRules.validate(
                                "x/!{partitionKeyFromQuery:id}/",
                                "e/!{firehose:error-output-type}/!{partitionKeyFromQuery:id}/",
                                sources))
                .containsExactly(
                        LEAD
                                + "ErrorOutputPrefix must not contain partitionKeyFromQuery or"
                                + " partitionKeyFromLambda: a failed record need not have the key");
    }

    @Test
    void keys_used_must_be_those_that_are_yielded() {
        KeySources query = KeySources.ENABLED.withQuery(Set.of("id", "region"));
        String both = "!{partitionKeyFromQuery:id}/!{partitionKeyFromQuery:region}/";

        assertThat(PrefixRules.validate(both, "e/", query)).isEmpty();
        assertThat(PrefixRules.validate(both, "e/", KeySources.ENABLED.withQuery())).isEmpty();
        assertThat(PrefixRules.validate("x/!{partitionKeyFromQuery:team}/", "e/", query))
                .containsExactly(
                        "Prefix uses partitionKeyFromQuery:team, which the query does not yield; it"
                                + " yields id, region",
                        "the query yields id, region, which Prefix does not use: every key of the"
                                + " query must be in Prefix");
        assertThat(PrefixRules.validate(both, "e/", KeySources.ENABLED.withLambda()))
                .containsExactly(
                        "Prefix uses partitionKeyFromQuery:id, region, and no query"
                                + " (MetadataExtraction) is configured");
        assertThat(PrefixRules.validate(both + "!{partitionKeyFromLambda:team}/", "e/", query))
                .containsExactly(
                        "Prefix uses partitionKeyFromLambda:team, and no Lambda processor is"
                                + " configured");
        assertThat(
                        PrefixRules.validate(
                                both + "!{partitionKeyFromLambda:team}/", "e/", query.withLambda()))
                .isEmpty();
    }

    @Test
    void partitioning_without_a_key_in_the_prefix_is_refused() {
        assertThat(PrefixRules.validate("x/", null, KeySources.ENABLED.withQuery(Set.of("id"))))
                .singleElement()
                .asString()
                .startsWith("Prefix must use at least one partition key");
    }

    @Test
    void all_problems_are_told_at_once() {
        assertThat(
                        PrefixRules.validate(
                                "x/!{firehose:error-output-type}/!{partitionKeyFromQuery:id}/",
                                "e/!{timestamp:yyyy}/!{partitionKeyFromQuery:id}/",
                                KeySources.NONE))
                .hasSize(4);
        assertThat(PrefixRules.validate("!{x", "!{y", KeySources.NONE)).hasSize(2);
    }

    @Test
    void the_evaluated_prefix_has_at_most_512_characters_and_the_raw_text_1024() {
        String literal = "abcdefg/".repeat(64);

        assertThat(PrefixRules.validate(literal, "e/", KeySources.NONE)).isEmpty();
        assertThat(PrefixRules.validate(literal + "x", "e/", KeySources.NONE))
                .containsExactly(
                        "Prefix: the key of every object has a prefix of more than 512 characters");
        assertThat(PrefixRules.validate("x/".repeat(513), "e/", KeySources.NONE))
                .containsExactly("Prefix must have at most 1024 characters, has 1026");
        assertThat(PrefixRules.validate("e/", "x/".repeat(257), KeySources.NONE))
                .containsExactly(
                        "ErrorOutputPrefix: the key of every error object has a prefix of more than"
                                + " 512 characters");
        assertThat(
                        PrefixRules.validate(
                                "!{timestamp:" + "yyyy/".repeat(103) + "}", "e/", KeySources.NONE))
                .hasSize(1);
    }

    @Test
    void a_literal_that_no_store_takes_is_refused() {
        assertThat(PrefixRules.validate("a\nb/", null, KeySources.NONE)).isNotEmpty();
        assertThat(PrefixRules.validate("a\uD800b/", null, KeySources.NONE)).isNotEmpty();
        assertThat(PrefixRules.validate("é".repeat(128) + "/", null, KeySources.NONE)).isNotEmpty();
        assertThat(PrefixRules.validate("!{timestamp:'..'/yyyy}/", "e/", KeySources.NONE))
                .isNotEmpty();
    }

    @Test
    void a_backup_needs_no_error_prefix_and_has_no_partitions() {
        assertThat(PrefixRules.validateBackup("raw/!{timestamp:yyyy-MM-dd}/")).isEmpty();
        assertThat(PrefixRules.validateBackup(null)).isEmpty();
        assertThat(PrefixRules.validateBackup("raw/!{partitionKeyFromQuery:id}/")).hasSize(1);
        assertThat(PrefixRules.validateBackup("raw/!{firehose:error-output-type}/")).hasSize(1);
    }
}
