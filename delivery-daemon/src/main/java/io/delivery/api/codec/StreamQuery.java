package io.delivery.api.codec;

import io.delivery.api.ApiException;
import java.util.regex.Pattern;

/**
 * A DescribeDeliveryStream or ListDeliveryStreams as it was sent. Members that belong to the other
 * one are unknown to it and ignored.
 *
 * @param streamName Describe: the stream; List: names up to and with this one are left out, or null
 * @param streamType List: DeliveryStreamType, or null
 * @param limit List: how many names at most
 */
public record StreamQuery(String streamName, String streamType, int limit) {
    private static final int DEFAULT_LIMIT = 10; // API reference, ListDeliveryStreams
    private static final int MAX_LIMIT = 10_000; // API reference
    private static final Pattern DESTINATION_ID = Pattern.compile("[a-zA-Z0-9-]+");
    private static final int MAX_DESTINATION_ID_LENGTH = 100; // API reference

    /**
     * @throws ApiException SerializationException or ValidationException
     */
    public static StreamQuery readDescribe(byte[] body, int offset, int length) {
        Members members = new Members(new JsonScanner(body, offset, length), Members.DESCRIBE);
        Violations problems = new Violations();
        problems.streamName("deliveryStreamName", members.first);
        if (members.limit != null) {
            problems.range("limit", members.limit, 1, MAX_LIMIT);
        }
        if (members.second != null) {
            problems.string(
                    "exclusiveStartDestinationId",
                    members.second,
                    1,
                    MAX_DESTINATION_ID_LENGTH,
                    DESTINATION_ID);
        }
        problems.check();
        return new StreamQuery(members.first, null, 1);
    }

    /**
     * @throws ApiException SerializationException or ValidationException
     */
    public static StreamQuery readList(byte[] body, int offset, int length) {
        Members members = new Members(new JsonScanner(body, offset, length), Members.LIST);
        Violations problems = new Violations();
        if (members.limit != null) {
            problems.range("limit", members.limit, 1, MAX_LIMIT);
        }
        if (members.first != null) {
            problems.streamName("exclusiveStartDeliveryStreamName", members.first);
        }
        problems.check();
        int limit = members.limit == null ? DEFAULT_LIMIT : members.limit;
        return new StreamQuery(members.first, members.second, limit);
    }

    private static final class Members {
        static final String[] DESCRIBE = {"DeliveryStreamName", "ExclusiveStartDestinationId"};
        static final String[] LIST = {"ExclusiveStartDeliveryStreamName", "DeliveryStreamType"};

        private String first;
        private String second;
        private Integer limit;

        Members(JsonScanner json, String[] names) {
            json.enterObject();
            while (json.nextMember()) {
                if (json.textIs(names[0])) {
                    first = string(json);
                } else if (json.textIs(names[1])) {
                    second = string(json);
                } else if (json.textIs("Limit")) {
                    limit = json.readNull() ? null : Integer.valueOf(json.readInteger());
                } else {
                    json.skip();
                }
            }
            json.finish();
        }

        private static String string(JsonScanner json) {
            if (json.readNull()) {
                return null;
            }
            json.readString();
            return json.text();
        }
    }
}
