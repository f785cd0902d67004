package io.delivery.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.AccessKey;
import io.delivery.config.FunctionRunner;
import io.delivery.config.Secret;
import io.delivery.function.FunctionLog;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.machine.ThreadScheduler;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the API of Lambda is asked, and what each of its answers means. */
@Timeout(60)
class LambdaFunctionAnswersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ARN = "arn:aws:lambda:eu-west-1:123456789012:function:enrich";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json";

    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        scheduler.close();
    }

    private LambdaFunction function(String arn, URI endpoint) {
        FunctionLog log =
                (function, source, line) -> lines.add(function + " " + source + " " + line);
        return new LambdaFunction(
                "enrich",
                new FunctionRunner.Lambda(
                        arn,
                        Optional.of(endpoint),
                        Optional.empty(),
                        Optional.of(new AccessKey("AKID", new Secret("secret")))),
                1,
                scheduler,
                log);
    }

    private static InvocationResult invoke(LambdaFunction function) throws Exception {
        byte[] event = "{\"records\":[]}".getBytes(StandardCharsets.UTF_8);
        return function.invoke(new Invocation("request-1", event, PATIENCE))
                .toCompletableFuture()
                .get(50, TimeUnit.SECONDS);
    }

    private static Failed failed(InvocationResult result) {
        assertThat(result).isInstanceOf(Failed.class);
        return (Failed) result;
    }

    @ParameterizedTest
    @CsvSource({
        ARN + ", /functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Aenrich/,",
        ARN + ":live, function%3Aenrich/, qualifier=live",
        ARN + ":$LATEST, function%3Aenrich/, qualifier=%24latest",
        "enrich, /functions/enrich/,",
        "enrich:7, /functions/enrich/, qualifier=7"
    })
    void it_is_asked_by_name_and_qualifier_and_signed(String arn, String path, String query)
            throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(ScriptedServer.answering(OK, "{\"records\":[]}"));
                LambdaFunction function = function(arn, server.uri())) {
            InvocationResult result = invoke(function);

            assertThat(((Answered) result).payload()).asString().isEqualTo("{\"records\":[]}");
            String head = server.requests().get(0).head();
            String requestLine = head.lines().findFirst().orElseThrow();
            assertThat(requestLine).containsIgnoringCase(path);
            assertThat(requestLine.contains("qualifier")).isEqualTo(query != null);
            assertThat(requestLine).contains(query == null ? "" : query);
            assertThat(head)
                    .contains("x-amz-invocation-type: requestresponse")
                    .contains("x-amz-log-type: tail")
                    .contains("credential=akid/")
                    .contains(arn.startsWith("arn:") ? "/eu-west-1/lambda/" : "/us-east-1/lambda/");
            assertThat(server.requests().get(0).body()).asString().isEqualTo("{\"records\":[]}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, TooManyRequestsException, TOO_MANY_INVOCATIONS",
        "502, EC2ThrottledException, TOO_MANY_INVOCATIONS",
        "404, ResourceNotFoundException, NOT_FOUND",
        "403, AccessDeniedException, ACCESS_DENIED",
        "403, UnrecognizedClientException, ACCESS_DENIED",
        "400, ExpiredTokenException, ACCESS_DENIED",
        "502, KMSAccessDeniedException, ACCESS_DENIED",
        "500, ServiceException, SERVICE_UNAVAILABLE",
        "502, ENILimitReachedException, SERVICE_UNAVAILABLE",
        "502, InvalidSubnetIDException, SERVICE_UNAVAILABLE",
        "502, InvalidSecurityGroupIDException, SERVICE_UNAVAILABLE",
        "502, SubnetIPAddressLimitReachedException, SERVICE_UNAVAILABLE",
        "502, InvalidZipFileException, SERVICE_UNAVAILABLE",
        "413, RequestTooLargeException, REFUSED",
        "400, InvalidParameterValueException, REFUSED",
        "409, ResourceConflictException, SERVICE_UNAVAILABLE",
        "409, SnapStartNotReadyException, SERVICE_UNAVAILABLE",
        "408, SnapStartTimeoutException, SERVICE_UNAVAILABLE"
    })
    void a_refusal_keeps_its_code_and_is_not_tried_again(int status, String code, Reason reason)
            throws Exception {
        String head =
                "HTTP/1.1 %d No\r\nContent-Type: application/json\r\nX-Amzn-ErrorType: %s"
                        .formatted(status, code);
        try (ScriptedServer server =
                        ScriptedServer.start(
                                ScriptedServer.answering(head, "{\"Message\":\"like this\"}"));
                LambdaFunction function = function(ARN, server.uri())) {
            Failed failed = failed(invoke(function));

            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.code()).contains(code);
            assertThat(failed.message()).contains("like this", code, Integer.toString(status));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void the_end_of_the_log_of_a_failure_is_told() throws Exception {
        String tail =
                "START RequestId: 1 Version: $LATEST\nlooking\n[ERROR] KeyError: 'id'\u0007\n"
                        + "END RequestId: 1\nREPORT RequestId: 1 Duration: 2 ms\n";
        String head =
                OK
                        + "\r\nX-Amz-Function-Error: Unhandled\r\nX-Amz-Log-Result: "
                        + Base64.getEncoder().encodeToString(tail.getBytes(StandardCharsets.UTF_8));
        String body = "{\"errorMessage\":\"'id'\",\"errorType\":\"KeyError\"}";
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.answering(head, body));
                LambdaFunction function = function(ARN, server.uri())) {
            Failed failed = failed(invoke(function));

            assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
            assertThat(failed.message()).contains("KeyError: 'id'");
            assertThat(lines)
                    .containsExactly(
                            "enrich STDERR looking", "enrich STDERR [ERROR] KeyError: 'id'\u0007");
            assertThat(function.status().lastErrorLine()).contains("[ERROR] KeyError: 'id'\\u0007");
        }
    }

    @Test
    void a_broken_connection_is_unreachable_and_a_large_reply_not_read_on() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((request, socket) -> {});
                LambdaFunction function = function(ARN, server.uri())) {
            assertThat(failed(invoke(function)).reason()).isEqualTo(Reason.UNREACHABLE);
        }
        byte[] large = new byte[Invocation.MAX_PAYLOAD_BYTES + 1];
        try (ScriptedServer server =
                        ScriptedServer.start(
                                (request, socket) -> ScriptedServer.write(socket, OK, large));
                LambdaFunction function = function(ARN, server.uri())) {
            Failed failed = failed(invoke(function));

            assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
            assertThat(failed.message()).contains("more than 6291456 bytes");
        }
    }

    @Test
    void what_is_no_name_of_a_function_is_refused() {
        URI endpoint = URI.create("http://127.0.0.1:1");

        assertThatThrownBy(() -> function("arn:aws:s3:::bucket", endpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("arn:aws:s3:::bucket is no name of a function");
    }
}
