import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisAnalyticsInputPreprocessingResponse;
import com.amazonaws.services.lambda.runtime.events.KinesisAnalyticsInputPreprocessingResponse.Record;
import com.amazonaws.services.lambda.runtime.events.KinesisAnalyticsInputPreprocessingResponse.Result;
import com.amazonaws.services.lambda.runtime.events.KinesisFirehoseEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Drops the lines that health checks leave in the log of a web server; all others stay as they are.
 *
 * <p>Put it into a jar with aws-lambda-java-core and aws-lambda-java-events, which it is compiled
 * against, and joda-time, which the latter needs. The handler is {@code HealthChecks::handleRequest}.
 */
public class HealthChecks
        implements RequestHandler<KinesisFirehoseEvent, KinesisAnalyticsInputPreprocessingResponse> {
    @Override
    public KinesisAnalyticsInputPreprocessingResponse handleRequest(
            KinesisFirehoseEvent event, Context context) {
        List<Record> records =
                event.getRecords().stream()
                        .map(record -> answer(record.getRecordId(), record.getData()))
                        .collect(Collectors.toList());
        return new KinesisAnalyticsInputPreprocessingResponse(records);
    }

    private static Record answer(String id, ByteBuffer data) {
        String line = StandardCharsets.UTF_8.decode(data.duplicate()).toString();
        return line.contains("\"GET /health")
                ? new Record(id, Result.Dropped, null)
                : new Record(id, Result.Ok, data);
    }
}
