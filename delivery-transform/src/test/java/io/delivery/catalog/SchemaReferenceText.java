package io.delivery.catalog;

import io.delivery.format.JsonSerDe;
import java.util.List;
import java.util.Map;

/**
 * The words and examples of docs/reference/schema.md; {@link SchemaReference} adds the outcomes.
 */
final class SchemaReferenceText {
    private SchemaReferenceText() {}

    /** A key of the YAML file. */
    record Key(String name, String type, String byDefault, String says) {}

    record Type(String type, String holds) {}

    /** A record with several keys, and the column that is read. */
    record Filled(String says, JsonSerDe serde, String column, String record) {}

    static final String HEAD =
            """
            # Schema reference

            A stream with `format: {parquet: {}, schema: {table: db.t}}`, or `orc` instead of `parquet`, converts JSON to the columns of the
            table `db.t`. This page says how a table is described, and what becomes of each JSON value. The program itself has read every example in the tables
            below; a test fails when this page differs. `make docs` writes it anew.

            ## Where tables are

            - `catalogs.NAME.file` names a folder. The table `db.t` is the file `db/t.yaml` or `db/t.avsc` in it; both for one table are an
              error. Names have letters, digits, `_` and `-`. A file has at most 1 MiB.
            - `catalogs.NAME.glue` names AWS Glue instead: [glue.md](../glue.md). Types, values and serdes are the same as below.
            - `schema.version: 3` means the file `db/t@3.yaml` (or `.avsc`); `LATEST`, the default, means the one without a number.
            - The file is read anew for every object. When it has become wrong or is gone, the last good one stays in force until the
              service ends, and the log says so. Replace a file by renaming another one over it: half of a YAML file may well be a table.
            - `delivery check` reads the tables of all streams and reports everything that is wrong with them, with file and line; tables of
              Glue are read with `--online`. `delivery run` ends with exit code 3 when somebody must correct a table. A table that is not
              there, or cannot be read, may still come: `run` starts with a warning, accepts records, and keeps them until it is there.
            """;

    static final String YAML =
            """

            ## The YAML file

            ```yaml
            columns:
              - {name: id, type: bigint, comment: what people call the order}
              - {name: placed, type: timestamp}
              - {name: lines, type: 'array<struct<sku:string,price:decimal(9,2)>>'}
            partitionColumns:
              - {name: dt, type: string}
            serde:
              openx: {columnToJsonKeyMappings: {placed: '@timestamp'}}
            ```

            An unknown key is an error. Types with `<`, `>` or a comma need quotes inside braces.

            """;

    static final List<Key> KEYS =
            List.of(
                    new Key(
                            "columns",
                            "list of sections",
                            "must be given",
                            "What is written to the files, in this order."),
                    new Key(
                            "columns[].name",
                            "text",
                            "must be given",
                            "1 to 255 characters, without dots and control characters. No two of a table have the same name; case does not count."),
                    new Key("columns[].type", "text", "must be given", "A type, as below."),
                    new Key("columns[].comment", "text", "none", "For people."),
                    new Key(
                            "partitionColumns",
                            "list as columns",
                            "none",
                            "Columns that readers take from the object's name (`dt=2026-01-31/`). They are not written to the files. A field of that name in a record is dropped, and not counted as unknown."),
                    new Key(
                            "serde",
                            "`openx`, `hive`, or a section with one of them",
                            "`openx`",
                            "How JSON is read: OpenXJsonSerDe or HiveJsonSerDe of the Firehose API. `format.serde` of a stream, with the same words, takes its place."),
                    new Key(
                            "serde.openx.caseInsensitive",
                            "true or false",
                            "true",
                            "Keys fill columns whatever their case. Keys of maps that are texts, and those of objects that are kept as text, are lower-cased."),
                    new Key(
                            "serde.openx.convertDotsInJsonKeysToUnderscores",
                            "true or false",
                            "false",
                            "The key `a.b` fills the column `a_b`."),
                    new Key(
                            "serde.openx.columnToJsonKeyMappings",
                            "section",
                            "none",
                            "Column to the key that fills it instead of its own name; at every depth, so that it also names fields of structs. One key may fill several columns."),
                    new Key(
                            "serde.hive.timestampFormats",
                            "list of texts",
                            "none",
                            "Formats of timestamps, tried in this order before `yyyy-MM-dd HH:mm:ss[.S]`: patterns as below, or `millis` for milliseconds since 1970."));

    static final String TYPES =
            """

            ## Types

            Types are those of Hive and Glue. `integer` is `int`, `numeric` is `decimal`, `double precision` is `double`. `uniontype`,
            `interval`, `set` and `void` are refused. "In Parquet" has the physical type and, behind a comma, the logical one, as
            parquet-java reads them from a file: `TIMESTAMP(MICROS,true)` is an instant in microseconds, `INTEGER(8,true)` has a sign.

            """;

    static final List<Type> TYPE_EXAMPLES =
            List.of(
                    new Type("boolean", "true or false"),
                    new Type("tinyint", "-128 to 127"),
                    new Type("smallint", "-32,768 to 32,767"),
                    new Type("int", "32 bits"),
                    new Type("bigint", "64 bits"),
                    new Type("float", "IEEE 754, 32 bits"),
                    new Type("double", "IEEE 754, 64 bits"),
                    new Type(
                            "decimal(9,2)",
                            "up to 38 digits, some of them behind the point; `decimal` is `decimal(10,0)`"),
                    new Type("string", "text"),
                    new Type("char(3)", "text of at most 255 characters"),
                    new Type("varchar(3)", "text of at most 65,535 characters"),
                    new Type("date", "a day"),
                    new Type(
                            "timestamp",
                            "an instant; in Parquet microseconds, digits behind them are cut, with `parquet.timestamps: int96` nanoseconds; in ORC nanoseconds"),
                    new Type("binary", "bytes"),
                    new Type("array<int>", "values in order"),
                    new Type("map<string,int>", "values by key; a key has a type without parts"),
                    new Type("struct<a:int,b:string>", "named values; at least one"));

    static final String TYPE_STRINGS =
            """

            ORC files say that they were written in UTC and by today's (proleptic Gregorian) calendar, so that readers show the same
            instants and days. ORC's `timestamp` has no form for the last second before 1970 from its first millisecond on; a record with
            such an instant fails. `char(n)` is filled up with blanks in ORC, which most readers cut off. In Parquet blanks at the end of
            a `char(n)` are not written: Hive's rule (`HiveChar`).

            Parquet files have the least and the greatest value of each column, so that readers can pass what they do not need. A column of
            texts or bytes that gets a long one has them up to there only, for the rest of its file; the other columns keep theirs. Long is
            32 KiB divided by the columns of the table, nested ones included, and 1 KiB or more. Fields with a dot in their name lose them
            together. After eight such columns, fewer in a table of more than 64 columns, all texts of the file are without.

            The name of a struct's field is everything up to the colon, as metastores write it: dots, blanks and most other
            characters need no quotes. A name with a colon, a comma, `<`, `>` or a back quote stands in back quotes; a back quote in it is
            doubled. Types nest at most 32 deep.

            """;

    static final List<String> WRITTEN_TYPES =
            List.of(
                    "Array < INT >",
                    "struct<service.name:string,first name:string>",
                    "struct<`service.name`:string>",
                    "struct<`xsi:type`:string>",
                    "struct<xsi:type:string>",
                    "struct<a:int comment 'in euros',b:date>",
                    "map<string,array<struct<k:int>>>",
                    "map<string",
                    "strin");

    static final String FILLING =
            """

            ## Which key fills which column

            A column without a key is null; what becomes of a key without a column is below. Each column looks for its key on its own:
            one key may fill several columns, by mappings or as a key with dots, and its value must fit each of them. Of several
            keys that fill one column the closest one counts, wherever it stands in the object and also when it is null: the column's own
            name, or the key it is mapped to; then one that differs in case only; then one with dots for underscores. Of equally close
            ones the last counts. The others are counted as unknown, and need not fit the column's type. The same holds for the
            fields of a struct. Of a key that is there twice the last value counts, and each must fit. (OpenX looks for the exact key
            first; which of two dotted keys it takes is not defined.)

            """;

    private static final JsonSerDe OPENX = JsonSerDe.OpenX.DEFAULTS;
    private static final JsonSerDe CASE = new JsonSerDe.OpenX(false, false, Map.of());
    private static final JsonSerDe DOTS = new JsonSerDe.OpenX(true, true, Map.of());
    private static final JsonSerDe MAPPED = new JsonSerDe.OpenX(true, false, Map.of("c_d", "@c"));

    static final List<Filled> FILLED =
            List.of(
                    new Filled("`openx`", OPENX, "c_d", "{\"C_D\":1}"),
                    new Filled("`openx`", OPENX, "c_d", "{\"c_d\":1,\"C_D\":2}"),
                    new Filled("`openx`", OPENX, "c_d", "{\"C_D\":1,\"C_d\":2}"),
                    new Filled("`openx`", OPENX, "c_d", "{\"c_d\":1,\"c_d\":2}"),
                    new Filled("`openx`", OPENX, "c_d", "{\"c_d\":1,\"c_d\":null}"),
                    new Filled("`openx`", OPENX, "c_d", "{\"c.d\":1}"),
                    new Filled("`caseInsensitive: false`", CASE, "c_d", "{\"C_D\":1}"),
                    new Filled("`convertDotsInJsonKeysToUnderscores`", DOTS, "c_d", "{\"C.D\":1}"),
                    new Filled(
                            "`convertDotsInJsonKeysToUnderscores`",
                            DOTS,
                            "c_d",
                            "{\"c_d\":1,\"c.d\":2}"),
                    new Filled(
                            "`convertDotsInJsonKeysToUnderscores`",
                            DOTS,
                            "c_d",
                            "{\"c.d\":\"x\",\"c_d\":1}"),
                    new Filled(
                            "`convertDotsInJsonKeysToUnderscores`",
                            DOTS,
                            "c_d",
                            "{\"c.d\":1,\"C_D\":2}"),
                    new Filled(
                            "`columnToJsonKeyMappings: {c_d: '@c'}`",
                            MAPPED,
                            "c_d",
                            "{\"@c\":1,\"c_d\":2}"),
                    new Filled("`hive`", JsonSerDe.Hive.DEFAULTS, "c_d", "{\"C_D\":1}"),
                    new Filled("`hive`", JsonSerDe.Hive.DEFAULTS, "c_d", "{\"c_d\":1,\"C_D\":2}"));

    static final String JSON =
            """

            ## What a record is

            UTF-8, with one JSON object or several, one behind the other; each is a row. Both deserializers read JSON strictly, as Amazon's do:
            the numbers that jq and JavaScript add are refused, in unknown fields too.

            """;

    static final List<String> RECORDS =
            List.of(
                    "{\"c\":1}{\"c\":2}",
                    "[{\"c\":1}]",
                    "{\"c\":NaN}",
                    "{\"c\":-Infinity}",
                    "{\"c\":00501}",
                    "{\"c\":.5}",
                    "{\"c\":1.}",
                    "{\"c\":+1}",
                    "{\"c\":1,}",
                    "{'c':1}");

    static final String UNKNOWN =
            """

            ## Fields without a column

            `format.unknownFields` of a stream says what becomes of a field that the table has no column for, and of a field of a struct
            that the struct does not have:

            - `drop`, the default: it is not written.
            - `refuse`: the record goes to the error output as `DataFormatConversion.MalformedData`, with the path of the field. This
              includes a key that fills no column because another key of the record is closer to it.
            - `{keep: COLUMN}`: it is written to a column of type `map<string,string>` of the table. `check` (tables of Glue: with
              `--online`) and `run` refuse a column that is not there or has another type; when a later version of the table is without
              it, objects wait, as for a table that is wrong.

            The key of what is kept is its path: `x`, `s.x` within a struct, `l[2].x` within an array, `m{k}.x` within a map. `openx` lower-cases
            it unless `caseInsensitive: false`. The value is JSON text without white space, so that a text is in quotes and a null is `null`.
            Only unknown fields fill the column: a field of its name is unknown too. It is null when there are none. A row keeps at most 131,072
            fields; the paths of one record together have at most 1 MiB of UTF-8, or as many bytes as its JSON where that has more;
            half of a surrogate pair in what is kept fails the record.

            A key with a dot or a bracket in it can have the path of another field: `{"s":{"b":1},"s.b":2}`. A record in which two unknown
            fields have one path goes to the error output, so that no value is lost. Of two keys that become the same in lower case, the
            one that is in lower case counts, else the last.

            Where several keys fill one column, `keep` does not keep the values of those that do not count. Of what is nested, only the
            unknown fields of the value that counts are kept. Who wants nothing lost has `refuse`.

            `delivery status` shows the most frequent names of unknown fields since the stream was opened, with how often they came, and
            `delivery_unknown_fields_total` their sum, whether they are dropped or kept. Both include the keys that do not count. The log
            names each field, and says whether it is dropped, kept, or not written because another key of the record counts in its place.

            Here the columns are `id int`, `s struct<a:int>`, `l array<struct<a:int>>` and `extras map<string,string>`.

            """;

    static final List<String> UNKNOWN_RECORDS =
            List.of(
                    "{\"id\":1}",
                    "{\"X\":1.50,\"y\":\"a\",\"z\":null}",
                    "{\"x\":{ \"B\": [1, true] }}",
                    "{\"s\":{\"a\":1,\"b\":2},\"l\":[{},{\"b\":\"c\"}]}",
                    "{\"extras\":{\"a\":\"b\"}}",
                    "{\"ID\":1,\"id\":2}",
                    "{\"x\":1,\"X\":2}",
                    "{\"S\":{\"b\":1},\"s\":{\"c\":2}}",
                    "{\"s\":{\"b\":1},\"s.b\":2}");

    static final String LIMITS =
            """

            Objects and arrays nest at most 1,000 deep. A key has at most 262,144 characters, whatever their bytes, a number 1,000
            digits, those of its exponent included, and a record makes at most 1,048,576 values, nulls included.

            The texts of a record, with its binaries, decimals and kept fields, have at most 18 MiB in all of its columns together, and 1 MiB
            more for each further column that one key fills (`columnToJsonKeyMappings`). No record as PutRecord takes it has more. One that a
            processor has decompressed may, when its key fills several columns: it goes to the error output as
            `DataFormatConversion.ConversionFailureException`, with the column that is too much.
            """;

    static final String AVRO =
            """

            ## Avro schemas

            A file `.avsc` holds an Avro record whose fields are the columns, as in the Confluent registry; records are JSON all the same. The
            serde is `openx` with its defaults, and there are no partition columns. `doc` is the column's comment.

            """;

    static final List<String> AVRO_TYPES =
            List.of(
                    "\"boolean\"",
                    "\"int\"",
                    "\"long\"",
                    "\"float\"",
                    "\"double\"",
                    "\"string\"",
                    "\"bytes\"",
                    "{\"type\":\"fixed\",\"name\":\"F\",\"size\":4}",
                    "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}",
                    "{\"type\":\"array\",\"items\":\"int\"}",
                    "{\"type\":\"map\",\"values\":\"int\"}",
                    "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}",
                    "[\"null\",\"string\"]",
                    "[\"int\",\"string\"]",
                    "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}",
                    "{\"type\":\"int\",\"logicalType\":\"date\"}",
                    "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}",
                    "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}",
                    "{\"type\":\"int\",\"logicalType\":\"time-millis\"}",
                    "{\"type\":\"string\",\"logicalType\":\"uuid\"}",
                    "{\"type\":\"long\",\"logicalType\":\"timestamp-milis\"}",
                    "{\"type\":\"string\",\"logicalType\":\"geo-json\"}");

    static final String AVRO_RULES =
            """

            A date is read from a text such as `2026-01-31`, a timestamp as above; Avro's own numbers for days fail. A record that holds
            itself is refused. A logical type that nobody but its author knows is ignored, as Avro asks for.
            """;
}
