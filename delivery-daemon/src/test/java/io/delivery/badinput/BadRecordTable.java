package io.delivery.badinput;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Records that are accepted, and what becomes of them. {@code BadRecordTableTest} sends each
 * between two good ones.
 */
final class BadRecordTable {
    private static final String NO_KEYS = "DynamicPartitioning.MetadataExtractionFailed";
    private static final String TOO_MANY = "DynamicPartitioning.ActivePartitionsLimitExceeded";
    private static final String PARSE_ERROR = "DataFormatConversion.ParseError";
    private static final String MALFORMED = "DataFormatConversion.MalformedData";

    private static final String EMPTY = "the record is empty or has only white space";
    private static final String NESTED = "[".repeat(10_000) + "]".repeat(10_000);

    static final List<Row> PARTITIONED =
            List.of(
                    partitioned("an empty record", "").fails(NO_KEYS, EMPTY),
                    partitioned("white space only", " \n").fails(NO_KEYS, EMPTY),
                    partitioned("no JSON", "hello")
                            .fails(NO_KEYS, "the record is not JSON: expected a value, at byte 1"),
                    partitioned("half of an object", "{'k':'x'")
                            .fails(
                                    NO_KEYS,
                                    "the record is not JSON: expected a comma or the end of the object, at byte 9"),
                    partitioned("a JSON array", "[{'k':'x'}]")
                            .fails(
                                    NO_KEYS,
                                    "the jq query fails on this record: Cannot index array with string …"),
                    partitioned("a JSON scalar", "42")
                            .fails(
                                    NO_KEYS,
                                    "the jq query fails on this record: Cannot index number with string …"),
                    partitioned("JSON null", "null").fails(NO_KEYS, nullOrEmpty()),
                    partitioned("two objects", "{'k':'a'}{'k':'b'}")
                            .fails(
                                    NO_KEYS,
                                    "the jq query yields more than one value for this record"),
                    partitioned("nesting 10,000 deep", "{'k':'x','v':" + NESTED + "}")
                            .fails(
                                    NO_KEYS,
                                    "the record is not JSON: nested deeper than 1000, at byte 1013"),
                    partitioned(
                                    "a number of 1,001 digits",
                                    "{'k':'x','v':" + "9".repeat(1001) + "}")
                            .lands("x/"),
                    partitioned(
                                    "a name of 50,001 characters",
                                    "{'k':'x','" + "n".repeat(50_001) + "':1}")
                            .lands("x/"),
                    partitioned("invalid UTF-8", "{'k':'x','v':'\u00c3'}".getBytes(ISO_8859_1))
                            .fails(NO_KEYS, "the record is not JSON: not in UTF-8, at byte 15"),
                    partitioned(
                                    "UTF-16",
                                    "{\"k\":\"x\"}"
                                            .getBytes(java.nio.charset.StandardCharsets.UTF_16BE))
                            .fails(NO_KEYS, "the record is not JSON: expected a value, at byte 1"),
                    partitioned("a byte order mark", "\ufeff{'k':'x'}").lands("x/"),
                    partitioned("a NUL before the object", "\0{'k':'x'}")
                            .fails(NO_KEYS, "the record is not JSON: expected a value, at byte 1"),
                    partitioned("a NUL within a string", "{'k':'x','v':'\0'}")
                            .fails(
                                    NO_KEYS,
                                    "the record is not JSON: a control character in a text, at byte 15"),
                    partitioned("a NUL as \\u0000 in a string", "{'k':'x','v':'\\u0000'}")
                            .lands("x/"),
                    partitioned("half of a surrogate pair", "{'k':'x','v':'\\ud800'}").lands("x/"),
                    partitioned("2^63", "{'k':'x','v':9223372036854775808}").lands("x/"),
                    partitioned("1e999", "{'k':'x','v':1e999}").lands("x/"),
                    partitioned("NaN", "{'k':'x','v':NaN}").lands("x/"),
                    partitioned("-Infinity", "{'k':'x','v':-Infinity}").lands("x/"),
                    partitioned("a number with zeros in front", "{'k':'x','v':00501}").lands("x/"),
                    partitioned("a number without a digit before the point", "{'k':'x','v':.5}")
                            .lands("x/"),
                    partitioned("a key twice: the last one counts", "{'k':'a','k':'b'}")
                            .lands("b/"),
                    value("with /", "'a/b'").lands("a/b/"),
                    value("/ in front", "'/a'").fails(NO_KEYS, emptySegment()),
                    value("with //", "'a//b'").fails(NO_KEYS, emptySegment()),
                    value("/ at the end", "'a/'").fails(NO_KEYS, emptySegment()),
                    value("..", "'..'").fails(NO_KEYS, dots()),
                    value(".", "'.'").fails(NO_KEYS, dots()),
                    value("a/../../b", "'a/../../b'").fails(NO_KEYS, dots()),
                    value("with NUL", "'a\\u0000b'").fails(NO_KEYS, control()),
                    value("with a line feed", "'a\\nb'").fails(NO_KEYS, control()),
                    value("with DEL", "'a\\u007fb'").fails(NO_KEYS, control()),
                    value("of 2 KB", "'" + "v".repeat(2048) + "'")
                            .fails(
                                    NO_KEYS,
                                    "partitionKeys values make a prefix of more than 512"
                                            + " characters"),
                    value("of 256 bytes", "'" + "v".repeat(256) + "'")
                            .fails(
                                    NO_KEYS,
                                    "partitionKeys values make an object key that has a segment of"
                                            + " more than 255 bytes of UTF-8 between two slashes"),
                    value("of 240 folders", "'v" + "/v".repeat(239) + "'")
                            .fails(
                                    NO_KEYS,
                                    "partitionKeys values make an object key that has more than 32"
                                            + " folders beyond those of the prefix"),
                    value("null", "null").fails(NO_KEYS, nullOrEmpty()),
                    partitioned("a partition value that is not there", "{}")
                            .fails(NO_KEYS, nullOrEmpty()),
                    value("''", "''").fails(NO_KEYS, nullOrEmpty()),
                    value("7", "7").lands("7/"),
                    value("1.0", "1.0").lands("1/"),
                    value("2^63", "9223372036854775808").lands("9223372036854775808/"),
                    value("1e999", "1e999").lands("1.7976931348623157e+308/"),
                    value("true", "true").lands("true/"),
                    value("{}", "{}").fails(NO_KEYS, notScalar()),
                    value("[]", "[]").fails(NO_KEYS, notScalar()),
                    value("a space", "' '").lands(" /"),
                    value("with umlaut and emoji", "'Z\u00fcrich\ud83d\ude00'")
                            .lands("Z\u00fcrich\ud83d\ude00/"),
                    value("with half of a surrogate pair", "'a\\ud800'").lands("a\ufffd/"),
                    value("with U+FFFF", "'a\\uffff'")
                            .fails(
                                    NO_KEYS,
                                    "partitionKeys values make an object key that has a character that XML, and so a listing, cannot hold"),
                    value("!{timestamp:yyyy}", "'!{timestamp:yyyy}'").lands("!{timestamp:yyyy}/"));

    static final List<Row> QUERIES =
            List.of(
                    query("never ends", "def f: f; if .bad then f else {k} end")
                            .fails(NO_KEYS, "the jq query recurses too deeply on this record"),
                    query("yields without end", "if .bad then range(1e15) | empty else {k} end")
                            .fails(
                                    NO_KEYS,
                                    "the jq query takes more than 1000000 steps on this record"),
                    query("overflows the stack", "def f: 1 + f; if .bad then f else {k} end")
                            .fails(NO_KEYS, "the jq query recurses too deeply on this record"),
                    query("eats memory", "if .bad then {k: ('x' * 1e9)} else {k} end")
                            .fails(
                                    NO_KEYS,
                                    "the jq query makes a text of more than 4194304 characters on this record"),
                    query("yields nothing", "if .bad then empty else {k} end")
                            .fails(NO_KEYS, "the jq query yields nothing for this record"),
                    query("yields two values", "if .bad then ({k}, {k}) else {k} end")
                            .fails(
                                    NO_KEYS,
                                    "the jq query yields more than one value for this record"),
                    query("yields no object", "if .bad then .k else {k} end")
                            .fails(
                                    NO_KEYS,
                                    "the jq query does not yield an object for this record"),
                    query("raises an error", "if .bad then error('no') else {k} end")
                            .fails(NO_KEYS, "the jq query raises an error on this record"),
                    query("adds text to a number", "if .bad then {k: (.k + 1)} else {k} end")
                            .fails(
                                    NO_KEYS,
                                    "the jq query fails on this record: string and number cannot be added"),
                    query(
                                    "fails on a date",
                                    "if .bad then {k: (.k | strptime('%Y') | mktime)} else {k} end")
                            .fails(
                                    NO_KEYS,
                                    "the jq query fails on this record: the date does not match the format"),
                    new Row(
                                    "a second partition where one may be active",
                                    "limited",
                                    "{\"k\":\"second\"}".getBytes(UTF_8))
                            .fails(
                                    TOO_MANY,
                                    "The number of active partitions has exceeded the configured"
                                            + " limit"));

    static final List<Row> PARQUET =
            List.of(
                    parquet("an empty record", "")
                            .fails(MALFORMED, "The record was empty or contained only whitespace"),
                    parquet("white space only", " \n")
                            .fails(MALFORMED, "The record was empty or contained only whitespace"),
                    parquet("no JSON", "hello")
                            .fails(
                                    PARSE_ERROR,
                                    "Encountered malformed JSON. Unrecognized token: was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"),
                    parquet("half of an object", "{'n':1")
                            .fails(
                                    PARSE_ERROR,
                                    "Encountered malformed JSON. Unexpected end-of-input: expected close marker for Object"),
                    parquet("a JSON array", "[{'n':1}]")
                            .fails(
                                    MALFORMED,
                                    "Data does not match the schema. The record has an array at the top level; only objects are rows"),
                    parquet("a JSON scalar", "42")
                            .fails(
                                    MALFORMED,
                                    "Data does not match the schema. The record has a primitive at the top level; only objects are rows"),
                    parquet("two objects, the second one wrong", "{'n':1}{'n':[]}")
                            .fails(
                                    MALFORMED,
                                    "Column n: Data does not match the schema. An array is no bigint"),
                    parquet("nesting 10,000 deep", "{'n':1,'x':" + NESTED + "}")
                            .fails(
                                    MALFORMED,
                                    "The JSON is too deeply nested: more than 1000 levels"),
                    parquet("nesting 10,000 deep in a column", "{'s':" + NESTED + "}")
                            .fails(
                                    MALFORMED,
                                    "The JSON is too deeply nested: more than 1000 levels"),
                    parquet("invalid UTF-8", "{'s':'\u00c3'}".getBytes(ISO_8859_1))
                            .fails(
                                    MALFORMED,
                                    "The record cannot be decoded as UTF-8: invalid at byte 6"),
                    parquet("a byte order mark", "\ufeff{'n':1}").lands("n = 1"),
                    parquet("a NUL before the object", "\0{'n':1}")
                            .fails(MALFORMED, "The record has an illegal character between tokens"),
                    parquet("a NUL within a string", "{'s':'a\0'}")
                            .fails(
                                    PARSE_ERROR,
                                    "Encountered malformed JSON. Illegal unquoted character ((CTRL-CHAR, code 0)): has to be escaped using backslash to be included in string value"),
                    parquet("a NUL as \\u0000 in a string", "{'s':'a\\u0000'}")
                            .lands("s = a\\u0000"),
                    parquet("half of a surrogate pair", "{'s':'\\ud800'}")
                            .fails(
                                    MALFORMED,
                                    "Column s: The text has invalid characters: half of a surrogate pair"),
                    parquet(
                                    "half of a surrogate pair in a field that is no column",
                                    "{'n':1,'x':'\\ud800'}")
                            .lands("n = 1"),
                    parquet("2^63 in a bigint", "{'n':9223372036854775808}")
                            .fails(
                                    MALFORMED,
                                    "Column n: Data does not match the schema. The value is out of range for bigint"),
                    parquet("2^63 in a double", "{'d':9223372036854775808}")
                            .lands("d = 9.223372036854776E18"),
                    parquet("2^63 in a string", "{'s':9223372036854775808}")
                            .lands("s = 9223372036854775808"),
                    parquet("1.5 in a bigint", "{'n':1.5}")
                            .fails(
                                    MALFORMED,
                                    "Column n: Data does not match the schema. The value is not a whole number for bigint"),
                    parquet("1e999 in a double", "{'d':1e999}")
                            .fails(
                                    MALFORMED,
                                    "Column d: Data does not match the schema. The value is out of range for double"),
                    parquet("1e999 in a bigint", "{'n':1e999}")
                            .fails(
                                    MALFORMED,
                                    "Column n: Data does not match the schema. The value is out of range for bigint"),
                    parquet("NaN", "{'d':NaN}")
                            .fails(
                                    PARSE_ERROR,
                                    "Encountered malformed JSON. Non-standard token 'NaN'"),
                    parquet("'NaN' in a double", "{'d':'NaN'}").lands("d = NaN"),
                    parquet("a key twice: the last one counts", "{'n':1,'n':2}").lands("n = 2"),
                    parquet(
                                    "keys that differ in case: the one as the column is called counts",
                                    "{'n':1,'N':2}")
                            .lands("n = 1"),
                    parquet("keys that differ in case only: the last one counts", "{'D':1,'D':2}")
                            .lands("d = 2.0"),
                    parquet("text in a bigint", "{'n':'many'}")
                            .fails(
                                    MALFORMED,
                                    "Column n: Data does not match the schema. The value is not a number for bigint"),
                    parquet("an object in a bigint", "{'n':{}}")
                            .fails(
                                    MALFORMED,
                                    "Column n: Data does not match the schema. An object is no bigint"),
                    parquet("text in an array", "{'l':'a'}").lands("l = [a]"),
                    parquet("a field that is no column", "{'n':1,'x':2}").lands("n = 1"),
                    parquet("an object without a column", "{}").lands("nothing but nulls"));

    static final List<Row> SPLIT =
            List.of(
                    split("a bad object between two good ones", "{'k':'a'} {'k':1,} {'k':'b'}")
                            .fails(
                                    "{'k':1,}",
                                    NO_KEYS,
                                    "the record is not JSON: expected a name, at byte 8")
                            .besides("{'k':'a'}", "a/")
                            .besides("{'k':'b'}", "b/"),
                    split("a JSON array", "[{'k':'a'},{'k':'b'}]")
                            .fails(
                                    NO_KEYS,
                                    "the jq query fails on this record: Cannot index array with string …"),
                    split("objects with commas between", "{'k':'a'},{'k':'b'}")
                            .fails(NO_KEYS, "the record is not JSON: expected a value, at byte 10"),
                    split("an object that does not end", "{'k':'a'} {'k':'b'")
                            .fails(
                                    NO_KEYS,
                                    "the record is not JSON: expected a comma or the end of the object, at byte 19"),
                    split("501 objects", "{'k':'a'}".repeat(501))
                            .fails(
                                    NO_KEYS,
                                    "the jq query yields more than one value for this record"),
                    split("an empty record", "").fails(NO_KEYS, EMPTY));

    static final List<Row> RAW =
            List.of(
                    raw("an empty record", "").lands(""),
                    raw("no JSON", "hello").lands(""),
                    raw("invalid UTF-8 and NUL", "\u00c3\0\u00ff".getBytes(ISO_8859_1)).lands(""));

    private BadRecordTable() {}

    /**
     * @param stream that it is put to
     * @param record the bytes
     * @param query of the stream, when it is this row's own
     * @param failed what is in the error output: the record, or a part of it
     * @param besides parts that land all the same
     */
    record Row(
            String input,
            String noticed,
            String code,
            String message,
            String stream,
            byte[] record,
            Optional<String> query,
            byte[] failed,
            List<Part> besides)
            implements BadInput {
        Row(String input, String stream, byte[] record) {
            this(input, "", "", "", stream, record, Optional.empty(), record, List.of());
        }

        Row fails(String failureCode, String failureMessage) {
            return new Row(
                    input,
                    ERROR_OUTPUT,
                    failureCode,
                    failureMessage,
                    stream,
                    record,
                    query,
                    record,
                    besides);
        }

        Row fails(String part, String failureCode, String failureMessage) {
            return new Row(
                    input,
                    ERROR_OUTPUT,
                    failureCode,
                    failureMessage,
                    stream,
                    record,
                    query,
                    bytes(part),
                    besides);
        }

        /** Lands in this folder, or as a row with these values. */
        Row lands(String where) {
            String what =
                    stream.equals("parquet")
                            ? "lands as a row with " + where
                            : where.isEmpty() ? "lands unchanged" : "lands unchanged in " + where;
            return new Row(input, ACCEPTED, "", what, stream, record, query, record, besides);
        }

        Row besides(String part, String where) {
            List<Part> more = new ArrayList<>(besides);
            more.add(new Part(bytes(part), where));
            return new Row(
                    input,
                    noticed,
                    code,
                    message,
                    stream,
                    record,
                    query,
                    failed,
                    List.copyOf(more));
        }

        Row with(String ownQuery) {
            return new Row(
                    input,
                    noticed,
                    code,
                    message,
                    stream,
                    record,
                    Optional.of(ownQuery),
                    failed,
                    besides);
        }

        @Override
        public String toString() {
            return stream + ": " + input;
        }
    }

    /** A part of a record that lands in a folder. */
    record Part(byte[] bytes, String where) {}

    private static Row partitioned(String input, String record) {
        return partitioned(input, bytes(record));
    }

    private static Row partitioned(String input, byte[] record) {
        return new Row(input, "partitioned", quoted(record));
    }

    private static Row value(String what, String json) {
        return partitioned("a partition value: " + what, "{'k':" + json + "}");
    }

    private static Row query(String what, String query) {
        return new Row(
                        "a query that " + what,
                        "query-" + what.replaceAll("[^a-z]", "-"),
                        "{\"k\":\"x\",\"bad\":true}".getBytes(UTF_8))
                .with(query.replace('\'', '"'));
    }

    private static Row parquet(String input, String record) {
        return parquet(input, bytes(record));
    }

    private static Row parquet(String input, byte[] record) {
        return new Row(input, "parquet", quoted(record));
    }

    private static Row split(String input, String record) {
        return new Row(input, "split", bytes(record));
    }

    private static Row raw(String input, String record) {
        return raw(input, bytes(record));
    }

    private static Row raw(String input, byte[] record) {
        return new Row(input, "raw", record);
    }

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }

    private static byte[] quoted(byte[] record) {
        byte[] bytes = record.clone();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '\'' ? (byte) '"' : bytes[i];
        }
        return bytes;
    }

    private static String emptySegment() {
        return "partitionKeys values make an object key that has an empty segment";
    }

    private static String dots() {
        return "partitionKeys values make an object key that has a segment that is '.' or '..'";
    }

    private static String control() {
        return "partitionKeys values make an object key that has a control character";
    }

    private static String nullOrEmpty() {
        return "partitionKeys values must not be null or empty: partitionKeyFromQuery:k";
    }

    private static String notScalar() {
        return "partitionKeys values must be strings, numbers or booleans";
    }
}
