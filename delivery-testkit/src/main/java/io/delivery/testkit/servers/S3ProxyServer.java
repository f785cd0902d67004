package io.delivery.testkit.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** S3Proxy with objects in memory. Always there: its class path comes with the build. */
public final class S3ProxyServer extends ChildServer {
    private static final String QUIET =
            """
            <configuration>
              <statusListener class="ch.qos.logback.core.status.NopStatusListener"/>
              <root level="OFF"/>
            </configuration>
            """;

    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Its nio2 store writes to "KEY-UUID" beside the key and renames that file. */
    private static final Pattern TEMPORARY =
            Pattern.compile(".*-" + UUID + "(\\.[a-z0-9.]+)?-" + UUID);

    private S3ProxyServer(ServerProcess process) {
        super("S3Proxy", version(classPath()), process);
    }

    public static S3ProxyServer start() {
        return new S3ProxyServer(ServerProcess.start("s3proxy", S3ProxyServer::command));
    }

    /** Keys of ours end in one UUID already: its own is a second one. */
    @Override
    public boolean listsUnfinished(String key) {
        return TEMPORARY.matcher(key).matches();
    }

    private static ServerProcess.Command command(Path directory, int port) throws IOException {
        Path properties = directory.resolve("s3proxy.properties");
        Files.writeString(
                properties,
                """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=testak
                s3proxy.credential=testsecret123456
                jclouds.provider=transient-nio2
                """
                        .formatted(port));
        Path logging = directory.resolve("logback.xml"); // without one it logs at DEBUG
        Files.writeString(logging, QUIET);
        return new ServerProcess.Command(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=" + logging,
                        "-cp",
                        classPath(),
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        properties.toString()),
                Map.of(),
                "");
    }

    private static String classPath() {
        try (InputStream in = S3ProxyServer.class.getResourceAsStream("s3proxy.classpath")) {
            if (in == null) {
                throw new IllegalStateException(
                        "the list of S3Proxy's class path is missing: build"
                                + " delivery-testkit/s3proxy");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalStateException("the list of S3Proxy's class path is unreadable", e);
        }
    }

    private static String version(String classPath) {
        return classPath.replaceFirst("(?s).*s3proxy-([0-9][^/:]*)\\.jar.*", "$1");
    }
}
