package io.delivery.landing;

/**
 * What an object carries beside its bytes.
 *
 * @param mark our mark: incarnation/lane/start/number/salt; user metadata {@code delivery-object}
 * @param records number of records in it; user metadata {@code delivery-records}
 * @param contentEncoding empty for none. The Content-Type is always {@code
 *     application/octet-stream}: S3 captures
 */
public record ObjectAttributes(String mark, long records, String contentEncoding) {
    public static final String CONTENT_TYPE = "application/octet-stream";
}
