package io.delivery.glue;

import io.delivery.config.CatalogDefinition;
import io.delivery.failure.FailureText;
import io.delivery.format.CatalogException;
import io.delivery.format.SchemaProblem;
import io.delivery.record.PrintableText;
import java.net.UnknownHostException;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What an answer of Glue that gives no table means: the contract's code, what would help, and the
 * words for an operator.
 *
 * @param operation that was asked for, such as GetTable
 */
record GlueAnswers(CatalogDefinition.Glue settings, String operation, TableName name) {
    private static final int LONGEST_WORDS = 500;

    /** The first line, printable, and not longer than a line of a log should be. */
    static String shown(String text) {
        String line = PrintableText.of(text.strip().lines().findFirst().orElse(""));
        return line.length() <= LONGEST_WORDS ? line : line.substring(0, LONGEST_WORDS) + "…";
    }

    /** A success that has nothing in it. */
    CatalogException withoutTable() {
        return problem(GlueRemedy.NO_GLUE, "a success without a table");
    }

    CatalogException meaning(RuntimeException failed) {
        if (failed instanceof AwsServiceException refused) {
            return meaning(refused);
        }
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof GlueHttp.TooLargeException) {
                return problem(GlueRemedy.NO_GLUE, cause.getMessage());
            }
            if (cause instanceof GlueHttp.LateException) {
                return problem(GlueRemedy.LATE, cause.getMessage());
            }
            if (cause instanceof GlueHttp.NoAnswerException) {
                return problem(ofNetwork(cause.getCause()), cause.getMessage());
            }
        }
        GlueRemedy meaning = ofClient(failed);
        // The chain of credentials names what it has tried; its last cause is one of these only.
        Throwable told = meaning == GlueRemedy.NO_CREDENTIALS ? failed : root(failed);
        return problem(meaning, FailureText.of(told));
    }

    /** Only AWS has a host name for each region. */
    private GlueRemedy ofNetwork(Throwable cause) {
        return cause instanceof UnknownHostException && settings.endpoint().isEmpty()
                ? GlueRemedy.NO_SUCH_REGION
                : GlueRemedy.UNREACHABLE;
    }

    /** Before the request, or when its answer was read. */
    private static GlueRemedy ofClient(RuntimeException failed) {
        if (!(failed instanceof SdkClientException)) {
            return GlueRemedy.FAILED;
        }
        if (String.valueOf(failed.getMessage()).contains("credentials")) {
            return GlueRemedy.NO_CREDENTIALS;
        }
        return failed.getCause() == null ? GlueRemedy.FAILED : GlueRemedy.NO_GLUE;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private CatalogException meaning(AwsServiceException refused) {
        AwsErrorDetails details = refused.awsErrorDetails();
        String code = details == null || details.errorCode() == null ? "" : details.errorCode();
        String said =
                details == null || details.errorMessage() == null
                        ? FailureText.of(refused)
                        : details.errorMessage();
        return problem(
                GlueRemedy.of(code, refused.statusCode()),
                "%d %s: %s".formatted(refused.statusCode(), code, said));
    }

    private CatalogException problem(GlueRemedy meaning, String words) {
        return new CatalogException(
                meaning.reason(),
                List.of(
                        new SchemaProblem(
                                meaning.cause(),
                                "",
                                0,
                                "table",
                                "%s %s at %s: %s; %s"
                                        .formatted(
                                                operation,
                                                name,
                                                place(),
                                                shown(words),
                                                meaning.remedy()))));
    }

    private String place() {
        String where =
                settings.endpoint().map(Object::toString).orElse("Glue in " + settings.region());
        return where + settings.catalogId().map(id -> ", catalog " + id).orElse("");
    }
}
