package io.delivery.testkit.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** MinIO, with a key for server-side encryption. */
public final class MinioServer extends ChildServer {
    private static final String EXECUTABLE = "bin/minio";

    /** The key that {@code aws:kms} may name. */
    public static final String KMS_KEY = "delivery-key";

    /** Whom tokens are made for. */
    public static final String AUDIENCE = "delivery";

    /**
     * What whoever has such a token may be. MinIO names the role by the SHA-1 of the audience, in
     * base64url: internal/config/identity/openid/openid.go.
     */
    public static final String ROLE = "arn:minio:iam:::role/ORyx4HxfH04wAOD9ElgCx6mx3JY";

    // 32 bytes in base64: objects of tests are no secret
    private static final String KMS_SECRET =
            KMS_KEY + ":ZGVsaXZlcnktdGVzdC1rZXktb2YtMzItYnl0ZXMhISE=";

    private MinioServer(ServerProcess process) {
        super("MinIO", Tools.version("minio"), process);
    }

    /** Why it cannot be started; empty when it can. */
    public static Optional<String> missing() {
        return Tools.missing("minio", EXECUTABLE);
    }

    public static MinioServer start() {
        return start(null, Map.of());
    }

    /** Over https, with a certificate of this authority. */
    public static MinioServer start(PrivateAuthority authority) {
        return start(authority, Map.of());
    }

    /**
     * With an STS beside S3, at the same address, that gives {@link #ROLE} to whoever has a token
     * of this provider for the audience {@link #AUDIENCE}.
     */
    public static MinioServer start(OpenIdProvider provider) {
        return start(
                null,
                Map.of(
                        "MINIO_IDENTITY_OPENID_CONFIG_URL",
                        provider.discoveryDocument().toString(),
                        "MINIO_IDENTITY_OPENID_CLIENT_ID",
                        AUDIENCE,
                        "MINIO_IDENTITY_OPENID_ROLE_POLICY",
                        "readwrite"));
    }

    private static MinioServer start(PrivateAuthority authority, Map<String, String> more) {
        return new MinioServer(
                ServerProcess.start(
                        "minio", (directory, port) -> command(directory, port, authority, more)));
    }

    private static ServerProcess.Command command(
            Path directory, int port, PrivateAuthority authority, Map<String, String> more)
            throws IOException {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Tools.executable(EXECUTABLE).toString(),
                                "server",
                                "--quiet",
                                "--address",
                                "127.0.0.1:" + port));
        Path certificates = Files.createDirectories(directory.resolve("certs"));
        if (authority != null) {
            Files.copy(authority.certificate(), certificates.resolve("public.crt"));
            Files.copy(authority.privateKey(), certificates.resolve("private.key"));
        }
        words.addAll(List.of("--certs-dir", certificates.toString()));
        words.add(Files.createDirectories(directory.resolve("data")).toString());
        Map<String, String> environment = new HashMap<>();
        environment.put("MINIO_ROOT_USER", "testak");
        environment.put("MINIO_ROOT_PASSWORD", "testsecret123456");
        environment.put("MINIO_BROWSER", "off");
        environment.put("MINIO_UPDATE", "off");
        environment.put("MINIO_KMS_SECRET_KEY", KMS_SECRET);
        environment.put("HOME", directory.toString());
        environment.putAll(more);
        return new ServerProcess.Command(
                words,
                environment,
                "/minio/health/cluster",
                authority == null ? null : authority.trust());
    }

    /** Why users cannot be added; empty when they can. */
    public static Optional<String> missingClient() {
        return Tools.missing("mc", "bin/mc");
    }

    /** Adds a user whose rights are this policy (IAM JSON). */
    public void addUser(String accessKeyId, String secretAccessKey, String policy)
            throws IOException {
        Path directory = client();
        Path document = directory.resolve("policy.json");
        Files.writeString(document, policy);
        String name = "policy-" + accessKeyId;
        mc(directory, "admin", "user", "add", "m", accessKeyId, secretAccessKey);
        mc(directory, "admin", "policy", "create", "m", name, document.toString());
        mc(directory, "admin", "policy", "attach", "m", name, "--user", accessKeyId);
    }

    /** From now on every request that this user signs is refused. */
    public void disableUser(String accessKeyId) throws IOException {
        mc(client(), "admin", "user", "disable", "m", accessKeyId);
    }

    /** A directory of its own for the client, which knows this server as m. */
    private Path client() throws IOException {
        Path directory = Files.createTempDirectory("delivery-mc-");
        mc(directory, "alias", "set", "m", endpoint().toString(), accessKeyId(), secretAccessKey());
        return directory;
    }

    private static void mc(Path directory, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Tools.executable("bin/mc").toString());
        command.add("--config-dir");
        command.add(directory.resolve("mc").toString());
        command.addAll(List.of(words));
        Commands.run(directory, Map.of(), command);
    }
}
