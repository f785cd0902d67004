package io.delivery.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LambdaNameTest {
    private static final String ARN = "arn:aws:lambda:eu-west-1:123456789012:function:enrich";

    @ParameterizedTest
    @CsvSource({
        ARN + ", " + ARN + ",, eu-west-1",
        ARN + ":live, " + ARN + ", live, eu-west-1",
        ARN + ":$LATEST, " + ARN + ", $LATEST, eu-west-1",
        "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f:7,"
                + " arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f, 7, us-gov-west-1",
        "123456789012:function:enrich:7, 123456789012:function:enrich, 7,",
        "enrich, enrich,,",
        "enrich:live, enrich, live,"
    })
    void a_name_is_a_function_and_maybe_a_version_or_alias(
            String text, String function, String qualifier, String region) {
        assertThat(LambdaName.parse(text))
                .contains(
                        new LambdaName(
                                function,
                                Optional.ofNullable(qualifier),
                                Optional.ofNullable(region)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " enrich",
                "arn:aws:s3:::bucket",
                "arn:aws:lambda:eu-west-1:123456789012:enrich",
                "arn:aws:lambda:eu-west-1:12:function:enrich",
                "arn:aws:lambda:eu-west-1:123456789012:function:enrich:live:more",
                "https://lambda.eu-west-1.amazonaws.com"
            })
    void what_is_none_is_refused_with_the_form_that_it_has(String text) {
        assertThat(LambdaName.parse(text)).isEmpty();
    }

    @Test
    void a_name_has_no_more_characters_than_lambda_allows() {
        assertThat(LambdaName.parse("f".repeat(140))).isPresent();
        assertThat(LambdaName.parse("f".repeat(141))).isEmpty();
    }
}
