package io.delivery.s3.direct;

import io.delivery.staging.StagedContent;
import java.util.Map;

/**
 * An object that is one PUT.
 *
 * @param headers all that the request says of this object and not of each one in the bucket, its
 *     length among them, by the names that the SDK writes
 */
public record ObjectPut(
        String bucket, String key, StagedContent content, Map<String, String> headers) {
    public ObjectPut {
        headers = Map.copyOf(headers);
    }
}
