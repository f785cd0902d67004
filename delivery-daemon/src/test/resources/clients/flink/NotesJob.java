import java.util.Properties;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.firehose.sink.KinesisFirehoseSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Numbered notes through the Firehose sink, from two tasks at once: NotesJob HOW_MANY. */
public class NotesJob {
    public static void main(String[] arguments) throws Exception {
        // The sink of docs/clients.md stands here.
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment();
        job.setParallelism(2);
        job.fromSequence(0, Long.parseLong(arguments[0]) - 1)
                .map(number -> String.format("note %04d", number))
                .sinkTo(notes);
        job.execute();
    }
}
