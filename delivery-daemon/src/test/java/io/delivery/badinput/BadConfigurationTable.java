package io.delivery.badinput;

import static io.delivery.badinput.BadConfigurationTable.Surroundings.ADMIN_PORT_TAKEN;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.API_PORT_TAKEN;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.BUCKET_MISSING;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.DATA_DIRECTORY_IS_FILE;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.DATA_OF_NEWER_PROGRAM;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.FINE;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.NO_FILE;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.READ_ONLY_DATA_DIRECTORY;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.SECOND_PROCESS;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.TABLE_MISSING;
import static io.delivery.badinput.BadConfigurationTable.Surroundings.TABLE_WRONG;

import java.util.List;

/** Configurations, and surroundings, with which the service does not start or does not deliver. */
final class BadConfigurationTable {
    static final String CONFIG_REFUSED = "exit 3";
    private static final String NO_DATA_DIRECTORY = "exit 4";
    private static final String CANNOT_BIND = "exit 5";

    static final List<Row> ROWS =
            List.of(
                    refused(
                            "an unknown key",
                            stream("bufer: {size: 5MB}"),
                            "/srv/delivery.yaml:4 streams.orders.bufer: unknown; did you mean buffer?"),
                    refused(
                            "an unknown section",
                            "sever: {}\n",
                            "/srv/delivery.yaml:1 sever: unknown; did you mean server?"),
                    refused(
                            "a wrong unit",
                            stream("buffer: {size: 5m}"),
                            "/srv/delivery.yaml:4 streams.orders.buffer.size: must be a size such as 64MB, was 5m; did you mean 5MB?"),
                    refused(
                            "a bare number",
                            stream("buffer: {interval: 300}"),
                            "/srv/delivery.yaml:4 streams.orders.buffer.interval: needs a unit, was 300; did you mean 300s?"),
                    refused(
                            "a value out of bounds",
                            stream("buffer: {size: 512MB}"),
                            "/srv/delivery.yaml:4 streams.orders.buffer.size: must be between 1 MB and 128 MB, was 512 MB"),
                    refused(
                            "a variable that is not set",
                            "dataDir: ${NOT_SET}\n",
                            "/srv/delivery.yaml:1 dataDir: the environment variable NOT_SET is not set"),
                    refused(
                            "${NAME} within braces, without quotes",
                            "server: {region: ${REGION}}\n",
                            "/srv/delivery.yaml:1: is not YAML: inside braces and brackets quote a value with ${…}, for example '${NAME}'"),
                    refused(
                            "a setting given twice",
                            stream("buffer: {size: 5MB}\nbuffer: {size: 6MB}"),
                            "/srv/delivery.yaml:5 streams.orders.buffer: is given twice, first in line 4"),
                    refused(
                            "a setting that must be given",
                            "stores: {a: {directory: lake}}\nstreams: {s: {destination: {}}}\n",
                            "/srv/delivery.yaml:2 streams.s.destination.bucket: must be given"),
                    refused(
                            "no YAML",
                            "server: {\n",
                            "/srv/delivery.yaml:2: is not YAML: while parsing a flow node, expected the node content, but found '<stream end>'"),
                    refused("an empty file", "", "/srv/delivery.yaml: is empty"),
                    new Row(
                            "no such file",
                            BadInput.CONFIGURATION_REFUSED,
                            CONFIG_REFUSED,
                            "/srv/delivery.yaml: there is no such file",
                            "",
                            NO_FILE),
                    refused(
                            "expressions in the prefix and no errorPrefix",
                            stream("destination: {bucket: b, prefix: '!{timestamp:yyyy}/'}"),
                            "/srv/delivery.yaml:4 streams.orders.destination.errorPrefix: Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix cannot be null or empty when Prefix contains expressions"),
                    refused(
                            "a query that is no jq",
                            stream(
                                    "partitioning: {query: '{k: .k'}\ndestination: {bucket: b, prefix: '!{partitionKeyFromQuery:k}/', errorPrefix: e/}\nbuffer: {size: 64MB}"),
                            "/srv/delivery.yaml:4 streams.orders.partitioning.query: expected , or } but found the end of the query (a value with operators needs parentheses in jq 1.6) at line 1, column 7"),
                    refused(
                            "a query that is no function of the record",
                            stream(
                                    "partitioning: {query: '{k: now}'}\ndestination: {bucket: b, prefix: '!{partitionKeyFromQuery:k}/', errorPrefix: e/}\nbuffer: {size: 64MB}"),
                            "/srv/delivery.yaml:4 streams.orders.partitioning.query: now/0 is refused, because a query depends on nothing but its record, at line 1, column 5"),
                    refused(
                            "a function that is not there",
                            "functions: {enrich: {runtime: python, code: enrich, handler: enrich.handler}}\n"
                                    + stream("processors: [{lambda: {function: enrch}}]"),
                            "/srv/delivery.yaml:5 streams.orders.processors[0].lambda.function: must be one of functions (enrich), was enrch; did you mean enrich?"),
                    refused(
                            "a processor that is no jq",
                            stream("processors: [{jq: '.a +'}]"),
                            "/srv/delivery.yaml:4 streams.orders.processors[0].jq: expected an expression but found the end of the query at line 1, column 5"),
                    refused(
                            "keys of a function in the prefix of a stream without one",
                            stream(
                                    "partitioning: {query: '{k: .k}'}\ndestination: {bucket: b, prefix: '!{partitionKeyFromQuery:k}/!{partitionKeyFromLambda:l}/', errorPrefix: e/}\nbuffer: {size: 64MB}"),
                            "/srv/delivery.yaml:5 streams.orders.destination.prefix: Prefix uses partitionKeyFromLambda:l, and no Lambda processor is configured"),
                    refused(
                            "encryption without a master key",
                            stream("encryption: true"),
                            "/srv/delivery.yaml:4 streams.orders.encryption: needs a master key, and there is none: name one under encryption.keys"),
                    refused(
                            "a master key that is none",
                            "encryption: {keys: [{id: k1, key: short}]}\n",
                            "/srv/delivery.yaml:1 encryption.keys[0].key: must be 32 bytes as 64 hexadecimal digits or in base64, for instance what `openssl rand -base64 32` prints (master key k1)"),
                    refused(
                            "an open port without credentials",
                            "server: {api: '0.0.0.0:4573'}\n",
                            "/srv/delivery.yaml:1 server.api: must be a loopback address such as 127.0.0.1:4573 while server.credentials lists none, was 0.0.0.0:4573: anybody could write; list credentials to open it"),
                    refused(
                            "a right to an operation that there is not",
                            "server: {credentials: [{accessKeyId: a, secretAccessKey: b, allow: {actions: [PutRecrd]}}]}\n",
                            "/srv/delivery.yaml:1 server.credentials[0].allow.actions[0]: must match an operation of the API (CreateDeliveryStream, DeleteDeliveryStream, DescribeDeliveryStream, ListDeliveryStreams, ListTagsForDeliveryStream, PutRecord, PutRecordBatch, StartDeliveryStreamEncryption, StopDeliveryStreamEncryption, TagDeliveryStream, UntagDeliveryStream, UpdateDestination), was PutRecrd; did you mean PutRecord?"),
                    refused(
                            "a file of callers that is not there",
                            "server: {credentialsFile: callers.yaml}\n",
                            "/srv/delivery.yaml:1 server.credentialsFile: must be a file that can be read, was callers.yaml, which is not at /srv/callers.yaml"),
                    refused(
                            "a quota without a time",
                            "quotas: [{match: '*', records: 1000}]\n",
                            "/srv/delivery.yaml:1 quotas[0].records: must be a rate such as 100000/s, was 1000; did you mean 1000/s?"),
                    refused(
                            "a quota that limits nothing",
                            "quotas: [{match: '*'}]\n",
                            "/srv/delivery.yaml:1 quotas[0]: must limit at least one of records, bytes and requests"),
                    refused(
                            "a server for tests that waits for minutes",
                            "server: {testing: {maxInterval: 5m}}\n",
                            "/srv/delivery.yaml:1 server.testing.maxInterval: must be between 0 s and 60 s, was 300 s"),
                    new Row(
                            "a table that makes no sense",
                            BadInput.CONFIGURATION_REFUSED,
                            CONFIG_REFUSED,
                            "/srv/a/b.yaml:2 columns[0].type: unknown type, saw 'strin' at character 1; did you mean string?\n"
                                    + "/srv/a/b.yaml:3 columns[1].typ: unknown; did you mean type?",
                            "catalogs: {main: {file: .}}\n"
                                    + stream(
                                            "format: {parquet: {}, schema: {table: a.b}}\n"
                                                    + "destination: {bucket: b, errorPrefix: errors/}\n"
                                                    + "buffer: {size: 64MB}"),
                            TABLE_WRONG),
                    refused(
                            "a prefix that begins with / at a directory store",
                            stream("destination: {bucket: b, prefix: /logs/}"),
                            "/srv/delivery.yaml:4 streams.orders.destination.prefix: begins with /, and a directory store refuses such keys, was /logs/"),
                    refused(
                            "a bucket name that no S3 store takes",
                            "stores: {aws: {s3: {}}}\nstreams:\n  orders:\n    destination: {bucket: My_Bucket}\n",
                            "/srv/delivery.yaml:4 streams.orders.destination.bucket: S3 takes 3 to 63 lower-case letters, digits, dots and hyphens, a letter or a digit at both ends, was My_Bucket"),
                    refused(
                            "Parquet without an errorPrefix",
                            "catalogs: {main: {file: .}}\n"
                                    + stream(
                                            "format: {parquet: {}, schema: {table: a.b}}\n"
                                                    + "buffer: {size: 64MB}"),
                            "/srv/delivery.yaml:7 streams.orders.destination.errorPrefix: must be set where records are converted: without it lines of JSON land beside the table's objects, under processing-failed/ and format-conversion-failed/"),
                    new Row(
                            "several problems",
                            BadInput.CONFIGURATION_REFUSED,
                            CONFIG_REFUSED,
                            "/srv/delivery.yaml:1 sever: unknown; did you mean server?\n/srv/delivery.yaml:2 limits.memory: needs a unit, was 12; did you mean 12MB?",
                            "sever: {}\nlimits: {memory: 12}\n",
                            FINE),
                    start(
                            "more memory than the heap has",
                            CONFIG_REFUSED,
                            "/srv/delivery.yaml:1 limits.memory: must be at most 60 % of the heap of 1 GB, which is 614.4 MB, was 900 GB; lower it or start Java with a larger -Xmx",
                            "limits: {memory: 900GB}\n",
                            FINE),
                    start(
                            "a data directory that cannot be written",
                            NO_DATA_DIRECTORY,
                            "delivery: /srv/data cannot be written: give the user of this process the right to, or name another dataDir",
                            "",
                            READ_ONLY_DATA_DIRECTORY),
                    start(
                            "a data directory that is a file",
                            NO_DATA_DIRECTORY,
                            "delivery: /srv/data is a file, and dataDir must be a directory",
                            "",
                            DATA_DIRECTORY_IS_FILE),
                    start(
                            "a data directory of a newer program",
                            NO_DATA_DIRECTORY,
                            "delivery: /srv/data has the format 'delivery data 9', and this program knows 'delivery data 2': use the program that wrote it, or a newer one",
                            "",
                            DATA_OF_NEWER_PROGRAM),
                    start(
                            "a second process on a data directory",
                            NO_DATA_DIRECTORY,
                            "delivery: /srv/data is in use by another process (pid 4711): stop that one first, or give this one another dataDir",
                            "",
                            SECOND_PROCESS),
                    start(
                            "the port of the API in use",
                            CANNOT_BIND,
                            "delivery: server.api: 127.0.0.1:4573 cannot be bound: Address already in use. Is another process on that port? Port 0 is any free one",
                            "",
                            API_PORT_TAKEN),
                    start(
                            "the admin port in use",
                            CANNOT_BIND,
                            "delivery: server.admin: 127.0.0.1:4573 cannot be bound: Address already in use. Is another process on that port? Port 0 is any free one",
                            "",
                            ADMIN_PORT_TAKEN),
                    new Row(
                            "a bucket that is not there",
                            BadInput.UNHEALTHY,
                            "",
                            "PUT local/b/…/orders-1-… (1 record, attempt 1): NoSuchBucket: there is no directory /srv/lake/b. Create the directory, or set createBuckets: true. What is recorded already keeps its bucket and key: delivery redirect leads it elsewhere, delivery skip gives it up.",
                            "stores: {local: {directory: lake, createBuckets: false}}\n"
                                    + "streams: {orders: {destination: {bucket: b}}}\n",
                            BUCKET_MISSING),
                    new Row(
                            "a table that is in no catalog",
                            BadInput.UNHEALTHY,
                            "",
                            "objects could not be encoded or staged: convert to Parquet: no schema of a.b (version LATEST): neither /srv/a/b.yaml nor b.avsc is there",
                            "catalogs: {main: {file: .}}\n"
                                    + stream(
                                            "format: {parquet: {}, schema: {table: a.b}}\n"
                                                    + "destination: {bucket: b, errorPrefix: errors/}\n"
                                                    + "buffer: {size: 64MB}"),
                            TABLE_MISSING));

    private BadConfigurationTable() {}

    /** What is around the program. */
    enum Surroundings {
        FINE,
        NO_FILE,
        READ_ONLY_DATA_DIRECTORY,
        DATA_DIRECTORY_IS_FILE,
        DATA_OF_NEWER_PROGRAM,
        SECOND_PROCESS,
        API_PORT_TAKEN,
        ADMIN_PORT_TAKEN,
        BUCKET_MISSING,
        TABLE_MISSING,
        TABLE_WRONG
    }

    /**
     * @param code the exit code; empty when the program runs
     * @param yaml of the configuration file, besides what the surroundings need
     */
    record Row(
            String input,
            String noticed,
            String code,
            String message,
            String yaml,
            Surroundings surroundings)
            implements BadInput {
        @Override
        public String toString() {
            return input;
        }
    }

    private static Row refused(String input, String yaml, String message) {
        return new Row(input, BadInput.CONFIGURATION_REFUSED, CONFIG_REFUSED, message, yaml, FINE);
    }

    private static Row start(
            String input, String code, String message, String yaml, Surroundings surroundings) {
        return new Row(input, BadInput.START_REFUSED, code, message, yaml, surroundings);
    }

    private static String stream(String settings) {
        String destination = settings.contains("destination:") ? "" : "destination: {bucket: b}\n";
        return "stores: {local: {directory: lake}}\nstreams:\n  orders:\n"
                + (settings + "\n" + destination).indent(4);
    }
}
