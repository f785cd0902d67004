package io.delivery.s3;

import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Tells the answers of a store from those of something in front of it: a proxy, a gateway, the
 * login page of a network. Those know nothing of the object, whatever their status says.
 *
 * <p>Every store gives the ETag of what it has taken (PutObject, UploadPart,
 * CompleteMultipartUpload) and of what it shows (HeadObject, GetObject), and answers errors in XML:
 * S3 API reference.
 */
final class ProxyAnswers {
    private static final String CURE =
            "Something in front of the store has answered: let what stands there pass such requests"
                    + " (their method, size and rights), or set endpoint to the store itself.";

    private ProxyAnswers() {}

    /**
     * Why this success is not the store's; empty when it is.
     *
     * @param proof the ETag or the upload id that only the store can give
     */
    static Optional<String> insteadOf(SdkHttpResponse success, String proof) {
        if (proof == null || proof.isBlank()) {
            return Optional.of(
                    success.statusCode() + " without what a store says of an object. " + CURE);
        }
        return isPage(success) && !isEmpty(success) ? Optional.of(page(success)) : Optional.empty();
    }

    /** The same of a look: our objects are no pages, and a stranger's may be looked at again. */
    static Optional<String> insteadOfALook(SdkHttpResponse success, String eTag) {
        if (eTag == null || eTag.isBlank()) {
            return insteadOf(success, eTag);
        }
        return isPage(success) ? Optional.of(page(success)) : Optional.empty();
    }

    /** Why this failure is not the store's; empty when it is, or may be. */
    static Optional<String> insteadOf(SdkServiceException failure) {
        if (!(failure instanceof AwsServiceException aws) || aws.awsErrorDetails() == null) {
            return Optional.empty();
        }
        AwsErrorDetails details = aws.awsErrorDetails();
        SdkHttpResponse answer = details.sdkHttpResponse();
        if (answer == null || details.errorCode() != null) {
            return Optional.empty(); // a code is a word of the store
        }
        String type = type(answer);
        if (!type.isEmpty() && !type.contains("xml") && !isEmpty(answer)) {
            return Optional.of(page(answer));
        }
        boolean redirect = failure.statusCode() >= 300 && failure.statusCode() < 400;
        return redirect && failure.requestId() == null
                ? answer.firstMatchingHeader("Location")
                        .map(to -> "%d to %s. %s".formatted(failure.statusCode(), to, CURE))
                : Optional.empty();
    }

    private static boolean isPage(SdkHttpResponse answer) {
        return type(answer).startsWith("text/html");
    }

    private static String type(SdkHttpResponse answer) {
        return answer.firstMatchingHeader("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    }

    /** Some servers call an empty body text/html. */
    private static boolean isEmpty(SdkHttpResponse answer) {
        return answer.firstMatchingHeader("Content-Length").orElse("").equals("0");
    }

    private static String page(SdkHttpResponse answer) {
        return "%d and %s instead of a store's words. %s"
                .formatted(answer.statusCode(), type(answer).replaceAll(";.*", ""), CURE);
    }
}
