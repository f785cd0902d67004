package io.delivery.api.signing;

import io.delivery.api.ApiException;
import io.delivery.config.ApiCredentials;
import io.delivery.world.Clock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies Signature Version 4 in the Authorization header. Follows the list of signed headers; the
 * body's hash is always computed here. When x-amz-content-sha256 is sent, the signature is checked
 * against it before the body is there, and the body against it afterwards. Presigned requests and
 * chunked payloads are refused. A session token must be that of the key, and absent for a key
 * without one; whether the signature covers it does not matter, because SDKs differ in that and
 * both sides know it.
 */
public final class SignatureVerifier implements RequestVerifier {
    private static final Duration SKEW = Duration.ofMinutes(5); // design §13; AWS: unverified
    private static final int MAX_SIGNED_HEADERS = 100;

    private static final String SESSION_TOKEN = "x-amz-security-token";

    private final String region;
    private final String account;
    private final Clock clock;
    private volatile KnownCallers callers;

    /**
     * @param region the one that signatures must be scoped to
     * @param account for messages and ARNs
     */
    public SignatureVerifier(
            List<ApiCredentials> callers, String region, String account, Clock clock) {
        this.region = region;
        this.account = account;
        this.clock = clock;
        this.callers = new KnownCallers(callers, region);
    }

    /**
     * These and nobody else may call from now on. Requests whose head was admitted before go on as
     * they began.
     */
    public void know(List<ApiCredentials> now) {
        callers = new KnownCallers(now, region);
    }

    @Override
    public Admission admit(SignedHead request) {
        refuseOtherWays(request);
        Authorization authorization = Authorization.parse(header(request, "authorization"));
        String dateTime = dateTime(request, authorization);
        checkScope(authorization, dateTime);
        checkSignedHeaders(request, authorization);
        KnownCallers known = callers;
        ApiCredentials caller =
                known.find(authorization.accessKeyId)
                        .orElseThrow(SignatureVerifier::unrecognizedClient);
        checkSessionToken(request, caller);
        checkSkew(dateTime); // before a key is derived: any date can be written into a scope
        SecretKeySpec signingKey = known.signingKey(caller, authorization.date);
        String sentHash = header(request, "x-amz-content-sha256");
        if (sentHash.isEmpty()) {
            return new Admission(
                    Optional.of(caller.key().accessKeyId()),
                    whole -> {
                        checkSignature(
                                whole, hex(whole.bodyHash()), authorization, dateTime, signingKey);
                        return new Known(caller);
                    });
        }
        checkSignature(request, sentHash, authorization, dateTime, signingKey);
        return new Admission(
                Optional.empty(),
                whole -> {
                    checkBodyHash(sentHash, whole);
                    return new Known(caller);
                });
    }

    /** How many signing keys are kept for those who are known now. */
    int keysDerived() {
        return callers.keysDerived();
    }

    /** One error for every reason, as AWS has it: a guess learns nothing. */
    private static void checkSessionToken(SignedHead request, ApiCredentials caller) {
        List<String> sent = request.headers(SESSION_TOKEN);
        if (caller.sessionToken().isEmpty() ? !sent.isEmpty() : sent.size() != 1) {
            throw unrecognizedClient();
        }
        caller.sessionToken()
                .filter(token -> !isSame(token.value(), sent.get(0).trim()))
                .ifPresent(
                        another -> {
                            throw unrecognizedClient();
                        });
    }

    private static boolean isSame(String known, String sent) {
        return MessageDigest.isEqual(
                known.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
    }

    private static ApiException unrecognizedClient() {
        return refused(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.");
    }

    private static void refuseOtherWays(SignedHead request) {
        String query = request.query();
        if (query.contains("X-Amz-Signature=") || query.contains("X-Amz-Algorithm=")) {
            throw invalid("Presigned requests are not supported: sign the Authorization header.");
        }
        if (header(request, "x-amz-content-sha256").startsWith("STREAMING-")
                || header(request, "content-encoding")
                        .toLowerCase(Locale.ROOT)
                        .contains("aws-chunked")) {
            throw invalid("Chunked payloads (aws-chunked) are not supported: sign the whole body.");
        }
        if (request.headers("authorization").isEmpty()) {
            throw refused("MissingAuthenticationTokenException", "Missing Authentication Token");
        }
    }

    private static String dateTime(SignedHead request, Authorization authorization) {
        String sent = header(request, "x-amz-date");
        if (!sent.isEmpty()) {
            try {
                SignatureV4.parseDateTime(sent);
                return sent;
            } catch (DateTimeException noDate) {
                throw incomplete("Date must be in ISO-8601 'basic format'. Got '" + sent + "'.");
            }
        }
        String date = header(request, "date");
        if (date.isEmpty()) {
            throw incomplete(
                    "Authorization header requires existence of either a 'X-Amz-Date' or a"
                            + " 'Date' header. Authorization="
                            + authorization.shown());
        }
        try {
            return SignatureV4.dateTime(
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .withZoneSameInstant(ZoneOffset.UTC)
                            .toInstant());
        } catch (DateTimeException noDate) {
            throw incomplete("Date must be in RFC 1123 format. Got '" + date + "'.");
        }
    }

    private void checkScope(Authorization authorization, String dateTime) {
        if (!authorization.region.equals(region)) {
            throw invalid(
                    "Credential should be scoped to a valid region, not '"
                            + authorization.region
                            + "'. This server's is '"
                            + region
                            + "'.");
        }
        if (!authorization.service.equals(SignatureV4.SERVICE)) {
            throw invalid("Credential should be scoped to correct service: 'firehose'.");
        }
        if (!authorization.terminator.equals(SignatureV4.TERMINATOR)) {
            throw invalid(
                    "Credential should be scoped with a valid terminator: 'aws4_request', not '"
                            + authorization.terminator
                            + "'.");
        }
        String day = dateTime.substring(0, 8);
        if (!authorization.date.equals(day)) {
            throw invalid(
                    ("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of"
                                    + " date from HTTP: '%s' != '%s', from '%s'.")
                            .formatted(authorization.date, day, dateTime));
        }
    }

    /** What decides about the call must be under the signature. */
    private static void checkSignedHeaders(SignedHead request, Authorization authorization) {
        List<String> signed = authorization.signedHeaders;
        if (!signed.contains("host")) {
            throw invalid(
                    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        for (String name : List.of("x-amz-date", "x-amz-target", "x-amz-content-sha256")) {
            if (!request.headers(name).isEmpty() && !signed.contains(name)) {
                throw invalid("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
        if (request.headers("x-amz-date").isEmpty() && !signed.contains("date")) {
            throw invalid("'date' must be a 'SignedHeader' in the AWS Authorization.");
        }
    }

    private void checkSkew(String dateTime) {
        Instant signed = SignatureV4.parseDateTime(dateTime);
        Instant now = Instant.ofEpochMilli(clock.millis());
        if (signed.isBefore(now.minus(SKEW))) {
            throw invalid(
                    "Signature expired: %s is now earlier than %s (%s - 5 min.)"
                            .formatted(
                                    dateTime,
                                    SignatureV4.dateTime(now.minus(SKEW)),
                                    SignatureV4.dateTime(now)));
        }
        if (signed.isAfter(now.plus(SKEW))) {
            throw invalid(
                    "Signature not yet current: %s is still later than %s (%s + 5 min.)"
                            .formatted(
                                    dateTime,
                                    SignatureV4.dateTime(now.plus(SKEW)),
                                    SignatureV4.dateTime(now)));
        }
    }

    private void checkSignature(
            SignedHead request,
            String bodyHash,
            Authorization authorization,
            String dateTime,
            SecretKeySpec signingKey) {
        for (String path : signedPaths(request.path())) {
            byte[] expected =
                    SignatureV4.signature(
                            signingKey,
                            dateTime,
                            SignatureV4.scope(authorization.date, region),
                            SignatureV4.canonicalRequest(
                                    request, path, bodyHash, authorization.signedHeaders));
            if (isSame(hex(expected), authorization.signature)) {
                return;
            }
        }
        throw invalid(
                "The request signature we calculated does not match the signature you"
                        + " provided. Check your AWS Secret Access Key and signing method."
                        + " Consult the service documentation for details.");
    }

    /** Most SDKs sign the normalized path, the one for Go signs it as it sends it. */
    private static List<String> signedPaths(String sent) {
        String normalized = CanonicalPath.of(sent);
        return normalized.equals(sent) ? List.of(sent) : List.of(normalized, sent);
    }

    private static void checkBodyHash(String sent, SignedRequest request) {
        if (!hex(request.bodyHash()).equalsIgnoreCase(sent)) {
            throw invalid(
                    "The provided 'x-amz-content-sha256' header does not match what was"
                            + " computed.");
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String header(SignedHead request, String name) {
        List<String> values = request.headers(name);
        return values.isEmpty() ? "" : values.get(0).trim();
    }

    private static ApiException invalid(String message) {
        return refused("InvalidSignatureException", message);
    }

    private static ApiException incomplete(String message) {
        return refused("IncompleteSignatureException", message);
    }

    private static ApiException refused(String type, String message) {
        return new ApiException(type, 403, message);
    }

    /** The owner of a known key. */
    private final class Known implements Caller {
        private final ApiCredentials credentials;

        Known(ApiCredentials credentials) {
            this.credentials = credentials;
        }

        @Override
        public boolean mayUse(String action) {
            return credentials.allows(action);
        }

        @Override
        public void mustBeAllowed(String action) {
            if (!mayUse(action)) {
                throw denied(action, "*");
            }
        }

        @Override
        public void mustBeAllowed(String action, String stream) {
            if (!credentials.allows(action, stream)) {
                throw denied(action, stream);
            }
        }

        private ApiException denied(String action, String stream) {
            return refused(
                    "AccessDeniedException",
                    "User: arn:aws:iam::%s:user/%s is not authorized to perform: firehose:%s on resource: arn:aws:firehose:%s:%s:deliverystream/%s"
                            .formatted(
                                    account,
                                    credentials.key().accessKeyId(),
                                    action,
                                    region,
                                    account,
                                    stream));
        }
    }

    /** The parts of an Authorization header. */
    private static final class Authorization {
        private final String accessKeyId;
        private final String date;
        private final String region;
        private final String service;
        private final String terminator;
        private final List<String> signedHeaders;
        private final String signature;

        private Authorization(List<String> scope, List<String> signedHeaders, String signature) {
            this.accessKeyId = scope.get(0);
            this.date = scope.get(1);
            this.region = scope.get(2);
            this.service = scope.get(3);
            this.terminator = scope.get(4);
            this.signedHeaders = signedHeaders;
            this.signature = signature;
        }

        static Authorization parse(String header) {
            int blank = header.indexOf(' ');
            String algorithm = blank < 0 ? header : header.substring(0, blank);
            if (!algorithm.equals(SignatureV4.ALGORITHM)) {
                throw incomplete("Unsupported AWS 'algorithm': '" + algorithm + "'.");
            }
            Map<String, String> parts = new HashMap<>();
            for (String part : header.substring(algorithm.length()).split(",")) {
                int equals = part.indexOf('=');
                if (equals < 0) {
                    throw incomplete(
                            "'"
                                    + part.trim()
                                    + "' not a valid key=value pair (missing equal-sign) in"
                                    + " Authorization header.");
                }
                parts.put(part.substring(0, equals).trim(), part.substring(equals + 1).trim());
            }
            String credential = required(parts, "Credential");
            String signedHeaders = required(parts, "SignedHeaders");
            String signature = required(parts, "Signature");
            List<String> scope = scopeOf(credential);
            if (scope.size() != 5) {
                throw incomplete(
                        "Credential must have exactly 5 slash-delimited elements, e.g."
                                + " keyid/date/region/service/term, got '"
                                + credential
                                + "'.");
            }
            List<String> names =
                    List.of(signedHeaders.toLowerCase(Locale.ROOT).split(";", MAX_SIGNED_HEADERS));
            return new Authorization(scope, names, signature);
        }

        /** The key id may contain slashes itself: the scope is the last four. */
        private static List<String> scopeOf(String credential) {
            String[] pieces = credential.split("/", -1);
            if (pieces.length <= 5) {
                return Arrays.asList(pieces);
            }
            int keyEnd = pieces.length - 4;
            String key = String.join("/", Arrays.copyOf(pieces, keyEnd));
            return List.of(
                    key,
                    pieces[keyEnd],
                    pieces[keyEnd + 1],
                    pieces[keyEnd + 2],
                    pieces[keyEnd + 3]);
        }

        private static String required(Map<String, String> parts, String name) {
            String value = parts.get(name);
            if (value == null || value.isEmpty()) {
                throw incomplete("Authorization header requires '" + name + "' parameter.");
            }
            return value;
        }

        /** For messages: what names the key, never the signature. */
        String shown() {
            return SignatureV4.ALGORITHM + " Credential=" + accessKeyId + "/…";
        }
    }
}
