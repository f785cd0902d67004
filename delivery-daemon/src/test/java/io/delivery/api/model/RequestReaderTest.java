package io.delivery.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
    private static final ServiceModel MODEL = ServiceModel.firehose();

    private static ObjectNode read(String operation, String body) {
        byte[] bytes = ("  " + body.replace('\'', '"')).getBytes(StandardCharsets.UTF_8);
        return RequestReader.of(MODEL, operation).read(bytes, 2, bytes.length - 2);
    }

    private static String destination(String members) {
        return "{'DeliveryStreamName':'s','ExtendedS3DestinationConfiguration':{"
                + "'RoleARN':'arn:aws:iam::000000000000:role/r','BucketARN':'arn:aws:s3:::b'"
                + members
                + "}}";
    }

    @Test
    void a_request_that_keeps_the_model_is_read_without_its_nulls() {
        ObjectNode request =
                read(
                        "DescribeDeliveryStream",
                        "{'X':[],'Limit':10000,'ExclusiveStartDestinationId':null,"
                                + "'DeliveryStreamName':'s'}");

        assertThat(request).hasToString("{\"X\":[],\"Limit\":10000,\"DeliveryStreamName\":\"s\"}");
    }

    @Test
    void every_broken_constraint_is_told_in_the_order_of_the_model() {
        assertThatThrownBy(
                        () ->
                                read(
                                        "DescribeDeliveryStream",
                                        "{'Limit':10001,'ExclusiveStartDestinationId':'a b'}"))
                .isInstanceOf(ApiException.class)
                .hasMessage(
                        "3 validation errors detected: Value at 'deliveryStreamName' failed to"
                                + " satisfy constraint: Member must not be null; Value at 'limit'"
                                + " failed to satisfy constraint: Member must have value less than or"
                                + " equal to 10000; Value at 'exclusiveStartDestinationId' failed to"
                                + " satisfy constraint: Member must satisfy regular expression"
                                + " pattern: [a-zA-Z0-9-]+");
    }

    /** The captured text of the contract, section 1.3, but for the order within the brackets. */
    @Test
    void a_word_of_another_case_is_none_of_the_model_s() {
        assertThatThrownBy(
                        () ->
                                read(
                                        "CreateDeliveryStream",
                                        destination(",'CompressionFormat':'gzip'")))
                .hasMessage(
                        "1 validation error detected: Value at"
                                + " 'extendedS3DestinationConfiguration.compressionFormat' failed to"
                                + " satisfy constraint: Member must satisfy enum value set:"
                                + " [UNCOMPRESSED, GZIP, ZIP, Snappy, HADOOP_SNAPPY]");
    }

    @Test
    void members_of_a_list_are_counted_from_1() {
        assertThatThrownBy(
                        () ->
                                read(
                                        "CreateDeliveryStream",
                                        destination(
                                                ",'ProcessingConfiguration':{'Processors':["
                                                        + "{'Type':'Lambda'},{'Type':'Nothing'},null]}")))
                .hasMessageContaining(
                        "2 validation errors detected: Value at"
                                + " 'extendedS3DestinationConfiguration.processingConfiguration.processors.2.member.type'"
                                + " failed to satisfy constraint: Member must satisfy enum value set: [")
                .hasMessageEndingWith(
                        "Value at"
                                + " 'extendedS3DestinationConfiguration.processingConfiguration.processors.3.member'"
                                + " failed to satisfy constraint: Member must not be null");
    }

    @Test
    void what_a_list_of_texts_breaks_is_told_at_the_list() {
        assertThatThrownBy(
                        () ->
                                read(
                                        "UntagDeliveryStream",
                                        "{'DeliveryStreamName':'s','TagKeys':['aws:x','']}"))
                .hasMessage(
                        "2 validation errors detected: Value at 'tagKeys' failed to satisfy"
                                + " constraint: Member must satisfy constraint: [Member must satisfy"
                                + " regular expression pattern: ^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$];"
                                + " Value at 'tagKeys' failed to satisfy constraint: Member must"
                                + " satisfy constraint: [Member must have length greater than or"
                                + " equal to 1]");
    }

    @Test
    void what_a_map_breaks_is_told_at_the_map() {
        assertThatThrownBy(
                        () ->
                                read(
                                        "CreateDeliveryStream",
                                        destination(
                                                ",'DataFormatConversionConfiguration':{"
                                                        + "'InputFormatConfiguration':{'Deserializer':{"
                                                        + "'OpenXJsonSerDe':{'ColumnToJsonKeyMappings':"
                                                        + "{'a':' '}}}}}")))
                .hasMessageContaining(
                        "columnToJsonKeyMappings' failed to satisfy constraint: Map value must"
                                + " satisfy constraint: [Member must satisfy regular expression"
                                + " pattern: ^(?!\\s*$).+]");
    }

    @Test
    void a_text_with_line_breaks_keeps_a_pattern_that_any_text_keeps() {
        ObjectNode request =
                read(
                        "CreateDeliveryStream",
                        destination(
                                ",'ProcessingConfiguration':{'Processors':[{'Type':"
                                        + "'MetadataExtraction','Parameters':[{'ParameterName':"
                                        + "'MetadataExtractionQuery','ParameterValue':'\\n{a: .a}'}]}]}"));

        assertThat(request.findValue("ParameterValue").asText()).isEqualTo("\n{a: .a}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1e2", "'1'", "99999999999", "true"})
    void a_limit_is_a_whole_number(String limit) {
        assertThatThrownBy(() -> read("ListDeliveryStreams", "{'Limit':" + limit + "}"))
                .isInstanceOf(ApiException.class)
                .hasMessageEndingWith("_VALUE can not be converted to an Integer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'DeliveryStreamName':[]} | Start of list found where not expected",
                "{'DeliveryStreamName':{}} | Start of structure or map found where not expected.",
                "{'DeliveryStreamName':1} | NUMBER_VALUE can not be converted to a String",
                "[] | Start of list found where not expected",
                "'x' | STRING_VALUE can not be converted to a structure",
                "{'ExtendedS3DestinationConfiguration':true} | TRUE_VALUE can not be converted to a structure",
                "{'Tags':{}} | Start of structure or map found where not expected.",
                "{'Tags':'x'} | STRING_VALUE can not be converted to a list",
                "{ | Not JSON",
                "{} {} | Not JSON",
                "{'DeliveryStreamName': 1e99999999999} | A number is out of range",
                "{'DeliveryStreamName': 1e-2147483648} | A number is out of range",
                "~~ | Unexpected end of the document",
            })
    void another_type_than_the_model_says_is_no_request(String body, String message) {
        assertThatThrownBy(() -> read("CreateDeliveryStream", body))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.type()).isEqualTo("SerializationException"))
                .hasMessage(message);
    }

    @Test
    void what_is_nested_too_deep_is_no_request() {
        assertThatThrownBy(() -> read("ListDeliveryStreams", "{'x':" + "[".repeat(5000) + "}"))
                .hasMessage("Not JSON");
    }

    @Test
    void every_request_of_the_model_can_be_read() {
        assertThat(MODEL.operations()).hasSize(12);
        for (String operation : MODEL.operations()) {
            assertThat(RequestReader.of(MODEL, operation)).isNotNull();
        }
        assertThat(MODEL.source()).startsWith("botocore 1.");
    }
}
