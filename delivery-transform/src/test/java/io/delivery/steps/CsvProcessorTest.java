package io.delivery.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.config.ProcessorSettings;
import io.delivery.testkit.Outcomes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvProcessorTest {
    private static final String FAILED = "Processing.CsvFailed: ";

    private static CsvProcessor columns(String... names) {
        return new CsvProcessor(new ProcessorSettings.Csv(List.of(names), ',', '"'));
    }

    private static CsvProcessor header() {
        return columns();
    }

    @Test
    void a_row_becomes_an_object_of_strings_in_the_order_of_the_columns() {
        assertThat(Outcomes.of(columns("z", "a", "n"), "1,\u00e9\ud83d\ude00,"))
                .isEqualTo("{\"z\":\"1\",\"a\":\"\u00e9\ud83d\ude00\",\"n\":\"\"}");
    }

    @Test
    void without_columns_the_first_row_has_their_names() {
        assertThat(Outcomes.of(header(), "z,a\r\n1,2\r\n")).isEqualTo("{\"z\":\"1\",\"a\":\"2\"}");
        assertThat(Outcomes.of(header(), "\"a \"\"b\"\"\",\"x\ny\"\n1,2"))
                .isEqualTo("{\"a \\\"b\\\"\":\"1\",\"x\\ny\":\"2\"}");
    }

    @Test
    void each_record_has_a_header_of_its_own() {
        CsvProcessor processor = header();

        assertThat(Outcomes.of(processor, "a,b\n1,2")).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(Outcomes.of(processor, "a,b\n3,4")).isEqualTo("{\"a\":\"3\",\"b\":\"4\"}");
        assertThat(Outcomes.of(processor, "b\n5")).isEqualTo("{\"b\":\"5\"}");
        assertThat(Outcomes.of(processor, "b,b\n5,6"))
                .isEqualTo(FAILED + "the name of column 2 is there twice");
        assertThat(Outcomes.of(processor, "a,b\n7,8")).isEqualTo("{\"a\":\"7\",\"b\":\"8\"}");
    }

    @Test
    void quotes_hold_delimiters_quotes_and_line_breaks() {
        assertThat(
                        Outcomes.of(
                                columns("a", "b", "c"),
                                "\"x,y\",\"say \"\"hi\"\"\",\"1\r\n2\n3\r4\""))
                .isEqualTo("{\"a\":\"x,y\",\"b\":\"say \\\"hi\\\"\",\"c\":\"1\\r\\n2\\n3\\r4\"}");
        assertThat(Outcomes.of(columns("a", "b"), "\"\",\"\"\"\""))
                .isEqualTo("{\"a\":\"\",\"b\":\"\\\"\"}");
    }

    @Test
    void a_quote_within_a_field_that_begins_without_one_is_a_character() {
        assertThat(Outcomes.of(columns("a", "b"), "5\" pipe, \"x\""))
                .isEqualTo("{\"a\":\"5\\\" pipe\",\"b\":\" \\\"x\\\"\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2", "1,2\n", "1,2\r\n", "1,2\r", "\ufeff1,2", "\"1\",\"2\"\r\n"})
    void a_row_may_end_with_any_line_break_or_none_and_begin_with_a_byte_order_mark(String record) {
        assertThat(Outcomes.of(columns("a", "b"), record)).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
    }

    @Test
    void delimiter_and_quote_are_those_of_the_settings() {
        CsvProcessor tabs =
                new CsvProcessor(new ProcessorSettings.Csv(List.of("a", "b"), '\t', '\''));

        assertThat(Outcomes.of(tabs, "x,\"\t'it''s\t'"))
                .isEqualTo("{\"a\":\"x,\\\"\",\"b\":\"it's\\t\"}");
    }

    @Test
    void control_characters_are_escaped() {
        assertThat(Outcomes.of(columns("a"), "\u0000\u001f\\\u007f"))
                .isEqualTo("{\"a\":\"\\u0000\\u001f\\\\\u007f\"}");
    }

    @Test
    void more_or_fewer_fields_than_columns_fail_the_record() {
        assertThat(Outcomes.of(columns("a", "b"), "1"))
                .isEqualTo(FAILED + "the row has 1 fields, and there are 2 columns");
        assertThat(Outcomes.of(columns("a", "b"), "1,2,"))
                .isEqualTo(FAILED + "the row has 3 fields, and there are 2 columns");
        assertThat(Outcomes.of(header(), "a,b\n1,2,3"))
                .isEqualTo(FAILED + "the row has 3 fields, and there are 2 columns");
    }

    @Test
    void more_than_one_row_or_none_behind_the_header_fails_the_record() {
        assertThat(Outcomes.of(columns("a"), "1\n2"))
                .isEqualTo(FAILED + "the record has more than one row");
        assertThat(Outcomes.of(columns("a"), "1\n\n"))
                .isEqualTo(FAILED + "the record has more than one row");
        assertThat(Outcomes.of(header(), "a\n1\n2"))
                .isEqualTo(FAILED + "the record has more than one row");
        assertThat(Outcomes.of(header(), "a,b\n"))
                .isEqualTo(FAILED + "the record has no row behind its header");
    }

    @Test
    void a_record_in_which_there_is_nothing_is_dropped() {
        assertThat(Outcomes.of(columns("a"), "")).isEqualTo("dropped");
        assertThat(Outcomes.of(columns("a"), "\ufeff")).isEqualTo("dropped");
        assertThat(Outcomes.of(header(), "")).isEqualTo("dropped");
        assertThat(Outcomes.of(columns("a"), "\n")).isEqualTo("{\"a\":\"\"}");
    }

    @Test
    void quotes_that_make_no_sense_fail_the_record_without_a_word_of_it() {
        assertThat(Outcomes.of(columns("a", "b"), "1,\"confidential"))
                .isEqualTo(FAILED + "the quote that field 2 begins with is not closed");
        assertThat(Outcomes.of(columns("a", "b"), "\"1\"confidential,2"))
                .isEqualTo(
                        FAILED
                                + "behind the closing quote of field 1 stands something else than a"
                                + " delimiter");
    }

    @Test
    void a_record_that_is_not_in_utf8_fails() {
        assertThat(Outcomes.of(columns("a"), "\u00e9".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(FAILED + "the record is not in UTF-8");
    }

    @Property(tries = 500)
    void what_another_writer_writes_is_read(
            @ForAll("fields") List<String> fields, @ForAll("formats") CSVFormat format)
            throws IOException {
        StringBuilder record = new StringBuilder();
        format.printRecord(record, fields.toArray());
        String[] names = new String[fields.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = "c" + i;
        }
        CsvProcessor processor =
                new CsvProcessor(
                        new ProcessorSettings.Csv(
                                List.of(names),
                                format.getDelimiterString().charAt(0),
                                format.getQuoteCharacter()));

        assertThat(values(Outcomes.of(processor, record.toString()))).isEqualTo(fields);
    }

    private static List<String> values(String json) throws JsonProcessingException {
        List<String> values = new ArrayList<>();
        new ObjectMapper()
                .readTree(json)
                .elements()
                .forEachRemaining(v -> values.add(v.textValue()));
        return values;
    }

    @Provide
    Arbitrary<List<String>> fields() {
        return Arbitraries.strings()
                .withChars("ab ,;\t\"'\r\n\u00e9\u20ac\\")
                .ofMaxLength(12)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<CSVFormat> formats() {
        CSVFormat rfc = CSVFormat.RFC4180;
        return Arbitraries.of(
                rfc,
                rfc.builder().setQuoteMode(QuoteMode.ALL).setRecordSeparator("\n").get(),
                rfc.builder().setDelimiter('\t').setQuote('\'').setRecordSeparator("\r").get(),
                rfc.builder().setDelimiter(';').setQuoteMode(QuoteMode.MINIMAL).get());
    }
}
