import com.amazonaws.AmazonServiceException;
import com.amazonaws.ClientConfiguration;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.services.kinesisfirehose.AmazonKinesisFirehose;
import com.amazonaws.services.kinesisfirehose.AmazonKinesisFirehoseClient;
import com.amazonaws.services.kinesisfirehose.model.PutRecordBatchRequest;
import com.amazonaws.services.kinesisfirehose.model.PutRecordBatchResponseEntry;
import com.amazonaws.services.kinesisfirehose.model.Record;
import com.amazonaws.services.kinesisfirehose.model.ServiceUnavailableException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends a file with the client of Kinesis Agent 2.0.11 and in its way: AgentSender ENDPOINT ACCESS_KEY SECRET STREAM
 * FILE. It prints a line for each call that succeeded, with what was refused of it. What it does, and the files of
 * awslabs/amazon-kinesis-agent (below src/com/amazon/kinesis/streaming/agent) that say so:
 *
 * - a record is a line with its newline; what has none is no record yet (tailing/SingleLineSplitter)
 * - a call has up to 500 records and 4 MiB, and nothing but PutRecordBatch is called (tailing/FirehoseConstants,
 *   tailing/FirehoseSender)
 * - the client is made by its constructor, its endpoint is set afterwards, and the user agent names the agent
 *   (AgentContext.getFirehoseClient, getAwsClientConfiguration, userAgent)
 * - records whose entry has an error code are sent again, in their order (tailing/FirehoseSender.attemptSend,
 *   tailing/RecordBuffer.remove, tailing/SimplePublisher.onSendPartialSuccess)
 * - a call that fails is made again for ever (tailing/SimplePublisher.onSendError); here only when the service has no
 *   room, and any other failure ends the program with exit code 2
 */
public class AgentSender {
    private static final int MAX_BATCH_PUT_SIZE_RECORDS = 500;
    private static final int MAX_BATCH_PUT_SIZE_BYTES = 4 * 1024 * 1024;
    private static final long RETRY_INITIAL_BACKOFF_MILLIS = 100;

    private final AmazonKinesisFirehose firehose;
    private final String stream;

    private AgentSender(AmazonKinesisFirehose firehose, String stream) {
        this.firehose = firehose;
        this.stream = stream;
    }

    public static void main(String[] arguments) throws Exception {
        ClientConfiguration configuration = new ClientConfiguration();
        configuration.setUserAgent("aws-kinesis-agent/2.0.11 " + configuration.getUserAgent());
        AmazonKinesisFirehose client =
                new AmazonKinesisFirehoseClient(
                        new AWSStaticCredentialsProvider(
                                new BasicAWSCredentials(arguments[1], arguments[2])),
                        configuration);
        client.setEndpoint(arguments[0]);
        try {
            new AgentSender(client, arguments[3]).send(Files.readAllBytes(Path.of(arguments[4])));
        } catch (AmazonServiceException refused) {
            System.out.printf(
                    "%s %s %d: %s%n",
                    refused.getClass().getName(),
                    refused.getErrorCode(),
                    refused.getStatusCode(),
                    refused.getErrorMessage());
            System.exit(2);
        }
    }

    private void send(byte[] file) throws InterruptedException {
        List<ByteBuffer> buffer = new ArrayList<>();
        int bytes = 0;
        int begin = 0;
        for (int i = 0; i < file.length; i++) {
            if (file[i] != '\n') {
                continue;
            }
            int length = i + 1 - begin;
            if (buffer.size() == MAX_BATCH_PUT_SIZE_RECORDS
                    || bytes + length > MAX_BATCH_PUT_SIZE_BYTES) {
                sendUntilAccepted(buffer);
                buffer = new ArrayList<>();
                bytes = 0;
            }
            buffer.add(ByteBuffer.wrap(file, begin, length).slice());
            bytes += length;
            begin = i + 1;
        }
        sendUntilAccepted(buffer);
    }

    private void sendUntilAccepted(List<ByteBuffer> buffer) throws InterruptedException {
        List<ByteBuffer> left = buffer;
        while (!left.isEmpty()) {
            try {
                left = attemptSend(left);
            } catch (ServiceUnavailableException noRoom) {
                System.out.println(noRoom.getErrorCode() + ": " + noRoom.getErrorMessage());
            }
            if (!left.isEmpty()) {
                Thread.sleep(RETRY_INITIAL_BACKOFF_MILLIS);
            }
        }
    }

    /** What was refused one by one. */
    private List<ByteBuffer> attemptSend(List<ByteBuffer> buffer) {
        List<Record> records = new ArrayList<>();
        for (ByteBuffer data : buffer) {
            Record record = new Record();
            record.setData(data);
            records.add(record);
        }
        PutRecordBatchRequest request = new PutRecordBatchRequest();
        request.setRecords(records);
        request.setDeliveryStreamName(stream);
        List<ByteBuffer> refused = new ArrayList<>();
        String said = "";
        int index = 0;
        for (PutRecordBatchResponseEntry entry :
                firehose.putRecordBatch(request).getRequestResponses()) {
            if (entry.getErrorCode() != null) {
                refused.add(buffer.get(index));
                said = entry.getErrorCode() + ": " + entry.getErrorMessage();
            }
            index++;
        }
        System.out.printf("%d of %d refused %s%n", refused.size(), buffer.size(), said);
        return refused;
    }
}
