package io.delivery.catalog;

import java.util.List;

/**
 * The part of docs/reference/schema.md that tells what becomes of values; see {@link
 * SchemaReferenceText}.
 */
final class ConversionText {
    private ConversionText() {}

    /**
     * Conversions into some types.
     *
     * @param examples {@code type <- JSON}
     */
    record Group(String title, String rules, List<String> examples) {}

    record Letter(String letters, String means, String reads) {}

    record Formatted(String format, String text) {}

    static final String CONVERSIONS =
            """

            ## Conversions

            A JSON null is a null of any type. What does not fit fails the whole record: it goes to the error output, with the column and
            the reason, and none of its rows lands. Where the originals, the JsonSerDe of Hive and the one of OpenX, change a value
            silently, this program either does the same and this page says so, or the record fails.
            """;

    static final List<Group> GROUPS =
            List.of(
                    new Group(
                            "boolean",
                            """
                            - The texts true and false count in any case. Both originals take every other text for false; here it fails.
                            """,
                            List.of(
                                    "boolean <- true",
                                    "boolean <- \"FALSE\"",
                                    "boolean <- \"yes\"",
                                    "boolean <- 1")),
                    new Group(
                            "tinyint, smallint, int, bigint",
                            """
                            - A number with a fraction or an exponent is taken when it is whole. The original of `hive` cuts the fraction; here it fails.
                            - A number that the type does not hold fails.
                            - In a text white space around the number, leading zeros and a plus are taken. `openx` takes hexadecimal numbers too.
                            """,
                            List.of(
                                    "int <- 12",
                                    "int <- 1.0",
                                    "int <- 1e3",
                                    "int <- 1.5",
                                    "tinyint <- 128",
                                    "smallint <- 32768",
                                    "bigint <- 9223372036854775808",
                                    "int <- \"12\"",
                                    "int <- \" +007 \"",
                                    "int <- \"0x10\"",
                                    "tinyint <- \"0xFF\"",
                                    "int <- \"\"",
                                    "int <- true")),
                    new Group(
                            "float, double",
                            """
                            - The nearest number that the type has, an even one where two are as near. One that would become infinite fails.
                            - A bare `-0` is 0, as any whole number; `-0.0` keeps its sign.
                            - `NaN`, `Infinity` and `-Infinity` are taken as texts by `openx` only.
                            """,
                            List.of(
                                    "double <- 0.1",
                                    "double <- 9007199254740993",
                                    "float <- 1.00000005960464477539062500001",
                                    "float <- 1e39",
                                    "double <- -0",
                                    "double <- -0.0",
                                    "double <- 1e999",
                                    "double <- 1e-999",
                                    "double <- \"2.5\"",
                                    "double <- \"NaN\"",
                                    "double <- \"-Infinity\"",
                                    "float <- \"1.5f\"")),
                    new Group(
                            "decimal",
                            """
                            - Digits behind the scale are rounded, half up: Hive's rule (`HiveDecimal`).
                            - A number with too many digits before the point fails, also when rounding makes it so. Hive makes it null.
                            """,
                            List.of(
                                    "decimal(5,2) <- 123.4",
                                    "decimal(5,2) <- 123.455",
                                    "decimal(5,2) <- -123.455",
                                    "decimal(5,2) <- 0.004",
                                    "decimal(5,2) <- 1234",
                                    "decimal(5,2) <- 999.995",
                                    "decimal(5,2) <- \"1.5\"",
                                    "decimal(5,2) <- \"1,5\"")),
                    new Group(
                            "string, char, varchar",
                            """
                            - Numbers keep the digits they were written with.
                            - Text longer than `char(n)` or `varchar(n)` is cut to n characters: Hive's rule (`HiveVarchar`). Characters are Unicode's, not
                              bytes. `char` is filled up with blanks in ORC, and has none at its end in Parquet.
                            - `openx` keeps an object or array as its JSON text, without white space, with keys in lower case unless `caseInsensitive: false`.
                              An object in it has each key once: the last one counts, and where one was lower-cased, the other, as in maps.
                            - Half of a surrogate pair fails.
                            """,
                            List.of(
                                    "string <- \"a\"",
                                    "string <- 12.50",
                                    "string <- true",
                                    "string <- {\"A\": [1, \"x\"]}",
                                    "string <- {\"A\":1,\"a\":2,\"b\":3,\"b\":4}",
                                    "varchar(3) <- \"abcdef\"",
                                    "char(3) <- \"a\"",
                                    "varchar(3) <- 12.50",
                                    "string <- \"\\ud800\"")),
                    new Group(
                            "binary",
                            """
                            - The bytes of the text in UTF-8, as in Hive's JsonSerDe. Base64 is not decoded: the column holds the letters of the base64
                              text. Decode it when you read.
                            """,
                            List.of("binary <- \"ab\"", "binary <- \"YWI=\"", "binary <- 12")),
                    new Group(
                            "date",
                            """
                            - `yyyy-M-d` as a text, and a day that exists; white space around it is taken. Days since 1970 and times are not.
                            """,
                            List.of(
                                    "date <- \"2026-01-31\"",
                                    "date <- \"2026-1-5\"",
                                    "date <- \"2023-02-29\"",
                                    "date <- \"2026-01-31T10:00:00Z\"",
                                    "date <- \"01/31/2026\"",
                                    "date <- 20484")),
                    new Group(
                            "timestamp",
                            """
                            - Timestamps are UTC. Up to nine digits of a second's fraction count.
                            - `openx` reads `yyyy-MM-dd'T'HH:mm:ss[.S]['Z']`, `yyyy-M-d H:m:s[.S]`, and numbers: seconds below 1,000,000,000,000, from there
                              on milliseconds. It has no formats of your own.
                            - `hive` reads `yyyy-M-d H:m:s[.S]`, and what `timestampFormats` says.
                            - A text with an offset, `2026-03-01T10:20:30.5+00:00`, is read by neither alone, as in Firehose. Python's `isoformat()` writes it
                              with or without a fraction: `serde: {hive: {timestampFormats: ["yyyy-MM-dd'T'HH:mm:ss.SSSSSSZZ", "yyyy-MM-dd'T'HH:mm:ssZZ"]}}`.
                            - A day or an hour that does not exist fails. `java.sql.Timestamp`, which the originals use, moves it to the next one.
                            - Seconds whose microseconds do not fit 64 bits fail. Firehose writes another date.
                            """,
                            List.of(
                                    "timestamp <- \"2026-03-01T10:20:30Z\"",
                                    "timestamp <- \"2026-03-01T10:20:30.123456789\"",
                                    "timestamp <- \"2026-3-1 9:5:7.5\"",
                                    "timestamp <- \" 2026-03-01 10:20:30 \"",
                                    "timestamp <- \"2026-03-01T10:20:30.5+00:00\"",
                                    "timestamp <- \"2023-02-29 10:20:30\"",
                                    "timestamp <- \"2026-03-01 24:00:00\"",
                                    "timestamp <- \"2026-03-01\"",
                                    "timestamp <- 1772360430",
                                    "timestamp <- 1772360430.25",
                                    "timestamp <- 1772360430123",
                                    "timestamp <- \"1772360430123\"",
                                    "timestamp <- -1",
                                    "timestamp <- 9223372036854775807")),
                    new Group(
                            "array, map, struct",
                            """
                            - `openx` takes a value that is no array for an array of one, and an array for a struct, filled by position. An empty text
                              is a null array, and a text of nothing but blanks a null map or struct.
                            - Keys of a map become the key's type; one that does not fit fails. Of two keys that become the same (`1` and
                              `01` of an `int`) the last one counts, with all of its value; where `openx` has lower-cased one of them, which it does
                              with texts only, the other.
                              A `float` is compared as what its 32 bits hold, a `char` without the blanks at its end. Timestamps are compared with
                              all nine digits of a second: where Parquet keeps six, two entries of a map can come to have the same key.
                            """,
                            List.of(
                                    "array<int> <- [1,null,\"3\"]",
                                    "array<int> <- 7",
                                    "array<string> <- \"\"",
                                    "map<string,int> <- {\"A\":1,\"b\":null}",
                                    "map<string,int> <- {\"a\":1,\"A\":2}",
                                    "map<int,string> <- {\"01\":\"x\"}",
                                    "map<int,string> <- {\"1\":\"x\",\"01\":\"y\"}",
                                    "map<int,string> <- {\"x\":\"y\"}",
                                    "map<timestamp,int> <- {\"2026-03-01T10:20:30Z\":1}",
                                    "map<double,int> <- {\"NaN\":1}",
                                    "map<string,int> <- [1]",
                                    "struct<a:int,b:string> <- {\"B\":\"x\",\"c\":1}",
                                    "struct<a:int,b:string> <- [1,\"x\",3]",
                                    "struct<a:int> <- \"x\"",
                                    "struct<a:int> <- \" \"",
                                    "struct<service.name:string> <- {\"service.name\":\"api\"}")));

    static final String FORMATS =
            """

            ## Timestamp formats of the Hive serde

            Patterns are those of Joda-Time's `DateTimeFormat`; a test compares both. What a pattern leaves out is
            1970-01-01T00:00:00Z.

            """;

    static final List<Letter> LETTERS =
            List.of(
                    new Letter("G", "era", "AD, BC, CE, BCE"),
                    new Letter(
                            "y",
                            "year",
                            "up to nine digits and a sign; no more digits than letters when a number follows. `yy`: two digits are the year from 80 before to 19 after the record's arrival, any other number is itself"),
                    new Letter("Y", "year of its era", "as `y`, without a sign"),
                    new Letter("x", "year of the ISO week", "as `y`"),
                    new Letter("w", "ISO week", "1 to 53"),
                    new Letter("e", "day of the week", "1, Monday, to 7"),
                    new Letter(
                            "E",
                            "day of the week",
                            "Mon or Monday, whatever the number of letters"),
                    new Letter(
                            "M",
                            "month",
                            "1 to 12; from `MMM` on Feb or February, whatever the number of letters"),
                    new Letter("d", "day of the month", "1 to 31"),
                    new Letter("D", "day of the year", "1 to 366"),
                    new Letter("a", "half of the day", "AM or PM; AM when there is none"),
                    new Letter("H", "hour of the day", "0 to 23"),
                    new Letter("k", "hour of the day", "1 to 24"),
                    new Letter(
                            "h",
                            "hour of the half",
                            "1 to 12; use it with `a`: alone, 12:30 is half past midnight"),
                    new Letter("K", "hour of the half", "0 to 11; use it with `a`"),
                    new Letter("m", "minute", "0 to 59"),
                    new Letter("s", "second", "0 to 59"),
                    new Letter(
                            "S",
                            "fraction of the second",
                            "one digit up to as many as letters; nine count"),
                    new Letter(
                            "Z, ZZ",
                            "offset",
                            "`Z`, `+01`, `+0100`, `+01:00`, also with seconds and a fraction"),
                    new Letter("ZZZ", "zone", "a name of the tz database, such as `Europe/Paris`"),
                    new Letter(
                            "z",
                            "zone",
                            "UT, UTC, GMT, and EST, EDT, CST, CDT, MST, MDT, PST, PDT for the clocks of New York, Chicago, Denver and Los Angeles at that date"),
                    new Letter("'text'", "itself", "in any case; `''` is one quote"));

    static final String FORMAT_RULES =
            """

            A number may have fewer digits than the pattern has letters. Names are English, in their own, lower or upper case. Everything
            else stands for itself. `C` and `zzzz` are refused, as is any other letter.

            """;

    static final List<Formatted> FORMATTED =
            List.of(
                    new Formatted("yyyy-MM-dd", "2026-2-9"),
                    new Formatted("yyyy-MM-dd", "2023-02-29"),
                    new Formatted("MM/dd/yyyy HH:mm:ss", "02/07/2026 24:00:00"),
                    new Formatted("yyyy-MM-dd'T'HH:mm:ssZ", "2026-02-07T15:13:01+01:00"),
                    new Formatted("yyyy-MM-dd'T'HH:mm:ssZ", "2026-02-07T15:13:01-05"),
                    new Formatted("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "2026-02-07T15:13:01.5Z"),
                    new Formatted("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "2026-02-07T15:13:01.5678Z"),
                    new Formatted("dd/MMM/yyyy:HH:mm:ss Z", "07/feb/2026:15:13:01 +0000"),
                    new Formatted("EEE, d MMM yyyy", "Saturday, 7 February 2026"),
                    new Formatted("EEE, d MMM yyyy", "Sun, 7 Feb 2026"),
                    new Formatted("M/d/yy h:mm a", "2/7/26 1:05 pm"),
                    new Formatted("M/d/yy", "2/7/46"),
                    new Formatted("M/d/yy", "2/7/2026"),
                    new Formatted("yyyyMMddHHmmss", "20260207151301"),
                    new Formatted("yyyy-MM-dd hh:mm", "2026-02-07 12:30"),
                    new Formatted("yyyy-MM-dd HH:mm ZZZ", "2026-03-29 02:30 Europe/Paris"),
                    new Formatted("YYYY-MM-DD", "2026-02-15"),
                    new Formatted("xxxx-'W'ww-e", "2026-W53-7"),
                    new Formatted("millis", "1772360430123.456"));

    static final String FORMAT_DIFFERENCES =
            """

            What differs from Joda-Time, and from Hive's use of it:

            - Fractions keep nine digits, not three.
            - A text whose parts contradict each other fails: a weekday that the date does not have, `13:05 AM`, the day of the year and
              another month. Joda-Time lets one part win and moves the time.
            - Formats are tried one after the other until one gives a time that exists. Hive fails at the first one that matches in form.
            - `yy` is near the record's arrival, not near the start of the program.
            """;
}
