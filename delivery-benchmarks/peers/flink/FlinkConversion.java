import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * Flink SQL on a cluster of this process: lines of JSON become Parquet with SNAPPY, as often as a
 * line of the standard input asks for it: NONE, or CUSTOMERS for a folder for each customer and
 * region. After each it prints "done" and what was asked. Arguments: the URI of the folder that is
 * read, and that of the folder that is written.
 */
public final class FlinkConversion {
    private static final String COLUMNS =
            "event_id STRING, event_type STRING, ts TIMESTAMP_LTZ(3), received_ms BIGINT,"
                    + " customer_id STRING, session_id STRING,"
                    + " geo ROW<region STRING, country STRING, city STRING, lat DOUBLE, lon DOUBLE>,"
                    + " page STRING, status INT, duration_ms BIGINT, is_mobile BOOLEAN,"
                    + " tags ARRAY<STRING>, price DOUBLE, quantity INT, referrer STRING,"
                    + " user_agent STRING";

    private FlinkConversion() {}

    public static void main(String[] arguments) throws Exception {
        TableEnvironment tables = tables(Runtime.getRuntime().availableProcessors());
        tables.executeSql(
                "CREATE TABLE clicks (%s) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601')"
                        .formatted(COLUMNS, arguments[0]));
        tables.executeSql(written("none", "", "", arguments[1]));
        tables.executeSql(
                written(
                        "customers",
                        ", p_customer STRING, p_region STRING",
                        "PARTITIONED BY (p_customer, p_region)",
                        arguments[1]));
        BufferedReader asked =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            String columns = line.equals("CUSTOMERS") ? "*, customer_id, geo.region" : "*";
            tables.executeSql(
                            "INSERT OVERWRITE `%s` SELECT %s FROM clicks"
                                    .formatted(line.toLowerCase(java.util.Locale.ROOT), columns))
                    .await();
            System.out.println("done " + line);
        }
    }

    private static TableEnvironment tables(int parallelism) {
        Configuration settings = new Configuration();
        settings.setString("parallelism.default", Integer.toString(parallelism));
        settings.setString("taskmanager.numberOfTaskSlots", Integer.toString(parallelism));
        settings.setString("taskmanager.memory.managed.size", "512m");
        return TableEnvironment.create(
                EnvironmentSettings.newInstance()
                        .inBatchMode()
                        .withConfiguration(settings)
                        .build());
    }

    private static String written(String name, String more, String partitioned, String folder) {
        return "CREATE TABLE `%s` (%s%s) %s WITH ('connector' = 'filesystem', 'path' = '%s/%s', 'format' = 'parquet', 'parquet.compression' = 'SNAPPY')"
                .formatted(name, COLUMNS, more, partitioned, folder, name);
    }
}
