package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many bytes the texts of one record may have in all columns together. */
class RowBytesTest {
    private static final int MOST = 200_000;
    private static final JsonSerDe SHARED =
            new JsonSerDe.OpenX(true, false, Map.of("b", "a", "c", "a", "y", "x"));

    private final RowBuffer rows = new RowBuffer(MOST);

    private static JsonRecordDecoder decoder(String columns) {
        List<TableSchema.Column> all =
                Stream.of((columns + "; rest:map<string,string>").split("; "))
                        .map(column -> column.split(":", 2))
                        .map(c -> new TableSchema.Column(c[0], HiveTypes.parse(c[1])))
                        .toList();
        return new JsonRecordDecoder(
                new TableSchema("db", "t", "1", all, List.of(), SHARED),
                new DecoderOptions(Optional.empty(), new UnknownFieldPolicy.Keep("rest")));
    }

    private void read(JsonRecordDecoder decoder, String text) throws RecordFailedException {
        byte[] record = text.getBytes(StandardCharsets.UTF_8);
        decoder.decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);
    }

    /** {@code #} stands for two thirds of what there may be. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a:string; b:string                  | {'a':'#'}                  | Column b",
                "s:string; b:binary                  | {'s':'#','a':'#'}          | Column b",
                "d:string; e:string                  | {'d':'#','e':'#'}          | Column e",
                "d:string; e:string                  | {'d':'#','E':'#'}          | Column e",
                "d:string; e:array<string>  | {'d':'#','e':['1','#']}    | Column e[1]",
                "s:struct<x:string,y:string>         | {'s':{'x':'#'}}            | Column s.y",
                "s:array<struct<x:string>>           | {'s':[{'x':'#'},['#']]}    | Column s[1].x",
                "m:map<string,string>                | {'m':{'k':'#','l':'#'}}    | Column m{}",
                "m:map<string,int>                   | {'m':{'1#':1,'2#':1}}      | Column m",
                "d:string                            | {'d':'#'} {'d':'#'}        | Column d",
                "d:string                            | {'d':'#','u':'#'}          | Field u",
                "d:string; s:struct<x:int>           | {'d':'#','s':{'u':'#'}}    | Field s.u",
                "d:string; o:string                  | {'d':'#','o':{'p':['#']}}  | Column o",
            })
    void what_is_beyond_is_refused_with_the_column_that_it_is_for(
            String columns, String record, String path) throws Exception {
        JsonRecordDecoder decoder = decoder(columns);
        String text = record.replace('\'', '"').replace("#", "t".repeat(MOST / 3 * 2));

        assertThatThrownBy(() -> read(decoder, text))
                .isInstanceOfSatisfying(
                        RecordFailedException.class,
                        refused ->
                                assertThat(refused.failure())
                                        .isEqualTo(
                                                new Failure(
                                                        Failure.Kind.FORMAT_CONVERSION_FAILED,
                                                        "DataFormatConversion.ConversionFailureException",
                                                        path
                                                                + ": the texts of a record have at"
                                                                + " most 200000 bytes in all its"
                                                                + " columns")));

        read(decoder, text.replace("t", ""));
        assertThat(rows.rowCount()).isPositive();
    }

    /** Read from bytes and, with a key that is in no column, as tokens. */
    @ParameterizedTest
    @ValueSource(strings = {"", ",\"u\":1"})
    void as_much_as_there_may_be_is_taken_and_not_a_byte_more(String more) throws Exception {
        JsonRecordDecoder decoder = decoder("d:string; e:string");
        int kept = more.isEmpty() ? 0 : "u1".length();
        String text = "{\"d\":\"%s\"%s,\"e\":\"%s\"}";
        String first = "ü".repeat(MOST / 4);
        String rest = "t".repeat(MOST / 2 - kept);

        read(decoder, text.formatted(first, more, rest));
        assertThat(rows.bytesUsed()).isEqualTo(MOST);

        assertThatThrownBy(() -> read(decoder, text.formatted(first, more, rest + "t")))
                .hasMessageStartingWith("Column e: ");
    }

    @Test
    void of_a_text_that_is_cut_only_what_is_kept_counts() throws Exception {
        String columns = "a:varchar(50000); b:varchar(50000); c:varchar(50000)";

        read(decoder(columns), "{\"a\":\"%s\"}".formatted("t".repeat(3 * MOST)));

        assertThat(rows.bytesUsed()).isEqualTo(150_000);
    }

    @Test
    void a_value_that_does_not_count_in_the_end_is_no_reason() throws Exception {
        String text = "t".repeat(MOST / 3 * 2);

        read(
                decoder("d:string; e:string"),
                "{\"d\":\"%1$s\",\"E\":\"%1$s\",\"e\":\"short\"}".formatted(text));

        assertThat(rows.extra(rows.row(0) + 1)).isEqualTo(5);
    }

    @Test
    void as_many_values_as_are_too_many_are_told_with_their_column() {
        String record = "{\"s\":[" + "1,".repeat(RowBuffer.MAX_SLOTS) + "1]}";

        assertThatThrownBy(() -> read(decoder("s:array<int>"), record))
                .hasMessage("Column s: a record has at most 1048576 values");
    }
}
