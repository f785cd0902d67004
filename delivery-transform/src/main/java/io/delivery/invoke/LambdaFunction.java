package io.delivery.invoke;

import io.delivery.config.AccessKey;
import io.delivery.config.FunctionRunner;
import io.delivery.config.LambdaName;
import io.delivery.failure.FailureText;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionLog;
import io.delivery.function.FunctionStatus;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.LambdaClientBuilder;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A function of AWS Lambda, or of what speaks its API, invoked synchronously. The SDK retries
 * nothing: whoever invokes does.
 *
 * <p>Of an invocation that failed, the end of the function's log comes along (at most 4 KB: API
 * reference, Invoke, LogType); its lines go to the log, the last of them to the status.
 */
public final class LambdaFunction implements FunctionInvoker {
    /** What an endpoint that is not AWS is told when nobody says otherwise. */
    private static final String ANY_REGION = "us-east-1";

    /** Lines that Lambda itself writes around those of the function. */
    private static final List<String> FRAME =
            List.of("START RequestId: ", "END RequestId: ", "REPORT RequestId: ");

    private final String name;
    private final LambdaName function;
    private final FunctionLog log;
    private final BoundedHttp http;
    private final AwsCredentialsProvider credentials;
    private final LambdaClient client;
    private final InvocationSlots slots;
    private final Reachability reachability = new Reachability();
    private volatile String lastErrorLine;

    /**
     * Sends no request yet.
     *
     * @param name of the function in the configuration
     * @param slots requests that may be under way at a time
     * @param log takes the end of the function's log when an invocation failed
     * @throws IllegalArgumentException when it is no name of a function, or when neither it nor the
     *     settings nor the environment tell the region
     */
    public LambdaFunction(
            String name,
            FunctionRunner.Lambda settings,
            int slots,
            Scheduler scheduler,
            FunctionLog log) {
        this.name = name;
        this.function =
                LambdaName.parse(settings.arn())
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "function %s: %s is no name of a function"
                                                        .formatted(name, settings.arn())));
        this.log = log;
        this.http = new BoundedHttp(slots);
        this.credentials = credentials(settings.credentials());
        this.client = client(settings);
        this.slots =
                new InvocationSlots(
                        name,
                        slots,
                        scheduler,
                        (invocation, ongoing) ->
                                reachability.seen(
                                        http.within(ongoing, () -> invokeNow(invocation))));
    }

    private static AwsCredentialsProvider credentials(Optional<AccessKey> given) {
        if (given.isPresent()) {
            return StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                            given.get().accessKeyId(), given.get().secretAccessKey().value()));
        }
        // Reads the profile files again when they have changed.
        return DefaultCredentialsProvider.builder()
                .profileFile(ProfileFileSupplier.defaultSupplier())
                .build();
    }

    private LambdaClient client(FunctionRunner.Lambda settings) {
        LambdaClientBuilder builder =
                LambdaClient.builder()
                        .httpClient(http)
                        .credentialsProvider(credentials)
                        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()));
        Optional<String> region = settings.region().or(function::region);
        region.map(Region::of).ifPresent(builder::region);
        if (settings.endpoint().isPresent()) {
            builder.endpointOverride(settings.endpoint().get());
            builder.region(Region.of(region.orElse(ANY_REGION)));
        }
        try {
            return builder.build();
        } catch (SdkClientException noRegion) {
            http.close();
            throw new IllegalArgumentException(
                    "function %s: the region of %s is not known: %s"
                            .formatted(name, settings.arn(), FailureText.of(noRegion)),
                    noRegion);
        }
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        return slots.invoke(invocation);
    }

    private InvocationResult invokeNow(Invocation invocation) {
        InvokeRequest request =
                InvokeRequest.builder()
                        .functionName(function.function())
                        .qualifier(function.qualifier().orElse(null))
                        .invocationType(InvocationType.REQUEST_RESPONSE)
                        .logType(LogType.TAIL)
                        .payload(SdkBytes.fromByteArrayUnsafe(invocation.event()))
                        .build();
        try {
            return meaning(client.invoke(request));
        } catch (AwsServiceException refused) {
            return meaning(refused);
        } catch (SdkException | IllegalStateException broken) { // the second: closed meanwhile
            return meaning(broken);
        }
    }

    private InvocationResult meaning(InvokeResponse response) {
        byte[] payload =
                response.payload() == null ? new byte[0] : response.payload().asByteArrayUnsafe();
        if (response.functionError() != null) {
            tell(response.logResult());
            return FunctionErrors.of(payload);
        }
        // The emulator of Lambda tells an error of the function in the body alone.
        Optional<Failed> told = FunctionErrors.told(payload);
        return told.isPresent() ? told.get() : new Answered(payload);
    }

    /** The end of the log, in base64; null when there is none. */
    private void tell(String logResult) {
        if (logResult == null) {
            return;
        }
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(logResult);
        } catch (IllegalArgumentException notBase64) {
            return; // a log is for people: without one nothing else changes
        }
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\\R")) {
            if (!line.isBlank() && FRAME.stream().noneMatch(line::startsWith)) {
                log.line(name, FunctionLog.Source.STDERR, line);
                lastErrorLine = FunctionErrors.shown(line);
            }
        }
    }

    private Failed meaning(AwsServiceException refused) {
        Optional<Failed> told =
                Optional.ofNullable(refused.awsErrorDetails())
                        .map(AwsErrorDetails::rawResponse)
                        .flatMap(body -> FunctionErrors.told(body.asByteArray()));
        if (told.isPresent()) {
            return told.get(); // the emulator's 502 of a function that has ended
        }
        String code =
                refused.awsErrorDetails() == null || refused.awsErrorDetails().errorCode() == null
                        ? ""
                        : refused.awsErrorDetails().errorCode();
        String said =
                refused.awsErrorDetails() == null
                                || refused.awsErrorDetails().errorMessage() == null
                        ? FailureText.of(refused)
                        : refused.awsErrorDetails().errorMessage();
        return new Failed(
                reason(refused.statusCode(), code),
                FunctionErrors.shown(
                        "Invoke %s: %d %s: %s"
                                .formatted(function.function(), refused.statusCode(), code, said)),
                code.isEmpty() ? Optional.empty() : Optional.of(code));
    }

    /** Codes: API reference, Invoke, errors, and those that all services have in common. */
    private static Reason reason(int status, String code) {
        return switch (code) {
            case "TooManyRequestsException",
                    "EC2ThrottledException",
                    "ThrottlingException",
                    "Throttling" ->
                    Reason.TOO_MANY_INVOCATIONS;
            case "ResourceNotFoundException" -> Reason.NOT_FOUND;
            // It is being changed or made ready, and will be there.
            case "ResourceConflictException",
                    "SnapStartNotReadyException",
                    "SnapStartTimeoutException" ->
                    Reason.SERVICE_UNAVAILABLE;
            case "AccessDeniedException",
                    "EC2AccessDeniedException",
                    "KMSAccessDeniedException",
                    "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "IncompleteSignatureException",
                    "MissingAuthenticationTokenException",
                    "ExpiredTokenException" ->
                    Reason.ACCESS_DENIED;
            default -> FunctionErrors.reason(status);
        };
    }

    private Failed meaning(RuntimeException broken) {
        String words = "Invoke %s: %s".formatted(function.function(), reasonOf(broken));
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof BoundedHttp.TooLargeException) {
                return new Failed(Reason.FUNCTION_ERROR, words);
            }
            if (cause instanceof IOException) {
                return new Failed(Reason.UNREACHABLE, words);
            }
        }
        boolean noKey = String.valueOf(broken.getMessage()).contains("credentials");
        return new Failed(noKey ? Reason.ACCESS_DENIED : Reason.UNREACHABLE, words);
    }

    /** The words of the first cause: those of the wrappers repeat it. */
    private static String reasonOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return FunctionErrors.shown(FailureText.of(root));
    }

    @Override
    public FunctionStatus status() {
        return new FunctionStatus(
                slots.count(),
                slots.busy(),
                slots.waiting(),
                reachability.trouble(),
                Optional.ofNullable(lastErrorLine));
    }

    @Override
    public void close() {
        slots.close();
        client.close();
        http.close();
        if (credentials instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }
}
