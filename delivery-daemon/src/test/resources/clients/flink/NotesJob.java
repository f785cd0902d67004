import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.firehose.sink.KinesisFirehoseSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Numbered notes through the Firehose sink, from two tasks at once: NotesJob HOW_MANY. It checkpoints, so a task that
 * fails goes on from there; the cluster of its own listens on loopback only.
 */
public class NotesJob {
    private static final Configuration LOOPBACK =
            Configuration.fromMap(
                    Map.of(
                            "jobmanager.bind-host", "127.0.0.1",
                            "taskmanager.bind-host", "127.0.0.1",
                            "rest.bind-address", "127.0.0.1",
                            "rest.bind-port", "0"));

    public static void main(String[] arguments) throws Exception {
        // The sink of docs/clients.md stands here.
        StreamExecutionEnvironment job =
                StreamExecutionEnvironment.getExecutionEnvironment(LOOPBACK);
        job.setParallelism(2);
        job.enableCheckpointing(500);
        job.fromSequence(0, Long.parseLong(arguments[0]) - 1)
                .map(number -> String.format("note %04d", number))
                .sinkTo(notes);
        job.execute();
    }
}
