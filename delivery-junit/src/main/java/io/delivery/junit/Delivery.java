package io.delivery.junit;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A service that speaks the Amazon Data Firehose API, for the tests of a class:
 *
 * <pre>{@code
 * @RegisterExtension static final Delivery delivery = Delivery.withDirectory();
 * }</pre>
 *
 * <p>In a static field it runs from before the first test of the class to after the last one; in a
 * field of the instance each test has a service of its own, or the class where it has one instance.
 * It listens on a free port of loopback, begins with no record, and leaves nothing behind. {@code
 * server.testing} is on: what is put lands within a second, or when {@link #flush} is called, and
 * buckets are made when something lands in them.
 *
 * <p>A static field of a base class is one object for all classes that extend it. One after the
 * other, each class has a service of its own, at another address; in parallel they share one.
 * {@link #start} is for a service that all of them are to share.
 *
 * <p>All services of a JVM run in one child process, which ends with the JVM. Thread-safe; classes
 * and methods may run in parallel.
 */
public final class Delivery
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);

    /** Who uses a service that was started by {@link #start}. */
    private static final String WHOEVER_STARTED_IT = "start()";

    private final StoreChoice store;
    private final List<String> requests = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Set<String> users = new HashSet<>();
    private Optional<Path> configuration = Optional.empty();
    private volatile Duration timeout = DEFAULT_TIMEOUT;
    private boolean skipped;

    /** Why {@link #start} has started nothing, so that tests are skipped. */
    private Optional<String> missing = Optional.empty();

    private RunningService running;

    private Delivery(StoreChoice store) {
        this.store = store;
    }

    // --- with which store ---

    /** Objects land in a temporary folder. The fastest, and nothing else is needed. */
    public static Delivery withDirectory() {
        return new Delivery(StoreChoice.directory());
    }

    /**
     * Objects land in an S3 server of the class's own, S3Proxy with objects in memory: {@link #s3}
     * tells where it is. Needs {@code io.delivery:delivery-junit-s3proxy} among the dependencies of
     * the tests.
     */
    public static Delivery withS3Proxy() {
        return new Delivery(StoreChoice.s3Proxy());
    }

    /**
     * Objects land in an S3 server that somebody else has started.
     *
     * @param endpoint is asked when the service starts: behind what other extensions, such as that
     *     of Testcontainers, do before all tests of the class
     */
    public static Delivery withS3(
            Supplier<URI> endpoint, String accessKeyId, String secretAccessKey) {
        Objects.requireNonNull(endpoint);
        return new Delivery(StoreChoice.s3(endpoint, accessKeyId, secretAccessKey));
    }

    /** The same with a LocalStack, which takes any credentials. */
    public static Delivery withLocalStack(Supplier<URI> endpoint) {
        return withS3(endpoint, "test", "test");
    }

    /**
     * Objects land in a LocalStack that is started in a container, one for all classes of this JVM.
     * Needs Docker, and {@code org.testcontainers:testcontainers} among the dependencies of the
     * tests. It is given {@code LOCALSTACK_AUTH_TOKEN} where the environment has one.
     *
     * @param image for example {@code localstack/localstack:4.14.0}, the last that wants no token
     */
    public static Delivery withLocalStackContainer(String image) {
        return new Delivery(StoreChoice.container(StoreChoice.Kind.LOCALSTACK, image));
    }

    /**
     * The same with a MinIO.
     *
     * @param image for example {@code minio/minio:RELEASE.2025-09-07T16-13-09Z}
     */
    public static Delivery withMinioContainer(String image) {
        return new Delivery(StoreChoice.container(StoreChoice.Kind.MINIO, image));
    }

    /**
     * Streams, functions, catalogs and stores as a configuration file has them, the stores
     * included: {@link #configuration} replaces those.
     */
    public static Delivery withConfiguration(Path file) {
        return new Delivery(StoreChoice.asConfigured()).configuration(file);
    }

    // --- what else ---

    /**
     * Takes streams, functions, catalogs, callers and everything else from a configuration file,
     * for example the one of production. Ports, data directory, limits and {@code server.testing}
     * are this class's; each store of the file is replaced by the chosen one.
     *
     * @param file relative to the directory that the tests run in
     * @throws IllegalStateException when the service runs already
     */
    public synchronized Delivery configuration(Path file) {
        requireNotStarted("configuration");
        configuration = Optional.of(file);
        return this;
    }

    /**
     * What <code>${NAME}</code> of the configuration stands for, beside the environment.
     *
     * @throws IllegalStateException when the service runs already
     */
    public synchronized Delivery environment(String name, String value) {
        requireNotStarted("environment");
        environment.put(Objects.requireNonNull(name), Objects.requireNonNull(value));
        return this;
    }

    /**
     * A stream that is there when the tests begin, as {@link #createStream(String, String)}.
     *
     * @throws IllegalStateException when the service runs already
     */
    public synchronized Delivery stream(String name, String bucket) {
        requireNotStarted("stream");
        requests.add(StreamRequest.of(name, bucket));
        return this;
    }

    /**
     * How long {@link #flush} and others wait at the most, 30 s if nothing is said: for the records
     * to be put, where they are waited for, and then for them to land.
     *
     * @param limit 1 ms to 24 h
     */
    public Delivery timeout(Duration limit) {
        if (limit.compareTo(SHORTEST_TIMEOUT) < 0 || limit.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("a timeout is 1 ms to 24 h, was " + limit);
        }
        timeout = limit;
        return this;
    }

    /**
     * Where there is no Docker the tests are skipped; otherwise they fail. Of a service that is
     * started by {@link #start} those are skipped that ask this object for something.
     */
    public synchronized Delivery skippedWithoutDocker() {
        requireNotStarted("skippedWithoutDocker");
        skipped = true;
        return this;
    }

    private void requireNotStarted(String setting) {
        if (running != null) {
            throw new IllegalStateException(
                    "%s comes too late, the service runs already: say it where the field is%s"
                            .formatted(
                                    setting,
                                    setting.equals("stream")
                                            ? ", or use createStream in a test"
                                            : ""));
        }
    }

    // --- life ---

    /**
     * Starts the service for whoever is not a test class of JUnit, or for all test classes of a
     * JVM: those behind a Spring context that is kept, for example. It runs until {@link #stop}, or
     * until the JVM ends. One that runs goes on.
     *
     * <pre>{@code
     * static final Delivery delivery = Delivery.withDirectory().stream("orders", "shop").start();
     * }</pre>
     *
     * <p>With {@link #skippedWithoutDocker} and without Docker it starts nothing and returns, since
     * a static field whose initializer fails is an error for JUnit: whatever is asked of this
     * object then ends in JUnit's TestAbortedException, which skips the test that asks.
     *
     * @throws IllegalStateException with the reasons, when it cannot be started
     */
    public synchronized Delivery start() {
        missing = skipped && running == null ? store.missing() : Optional.empty();
        if (missing.isEmpty()) {
            begin(WHOEVER_STARTED_IT);
        }
        return this;
    }

    /**
     * Stops what {@link #start} has started, unless a test class still uses it; otherwise does
     * nothing.
     */
    public synchronized void stop() {
        missing = Optional.empty();
        end(WHOEVER_STARTED_IT);
    }

    /** Classes within a class, and the methods of all, share the service of the outermost one. */
    @Override
    public void beforeAll(ExtensionContext context) {
        begin(context.getUniqueId());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end(context.getUniqueId());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin(context.getUniqueId());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end(context.getUniqueId());
    }

    /**
     * The first one starts the service.
     *
     * @param user a class, a test or {@link #start}
     */
    synchronized void begin(String user) {
        if (running == null) {
            running = RunningService.start(store, skipped, configuration, environment);
            try {
                requests.forEach(running::create);
            } catch (Throwable refused) { // also errors
                closeAfter(refused);
                throw refused;
            }
        }
        users.add(user);
    }

    private void closeAfter(Throwable refused) {
        try {
            running.close();
        } catch (RuntimeException failed) {
            refused.addSuppressed(failed);
        } finally {
            running = null;
        }
    }

    /**
     * The last one stops it. JUnit calls what is after a test also when it did not come to call
     * what is before it, since another extension failed.
     */
    synchronized void end(String user) {
        if (users.remove(user) && users.isEmpty()) {
            RunningService stopped = running;
            running = null;
            stopped.close();
        }
    }

    private synchronized RunningService running() {
        if (running == null) {
            Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
            throw new IllegalStateException(
                    "the service runs while tests do: register this object in a field with"
                            + " @RegisterExtension, and use it in tests and in @BeforeAll or"
                            + " @BeforeEach; start() is for everything else");
        }
        return running;
    }

    // --- for the application ---

    /** Where the Firehose API answers. */
    public URI endpoint() {
        return running().endpoint();
    }

    /** The region that requests are signed for. */
    public String region() {
        return running().region();
    }

    /** Of the first caller in the configuration; without callers there, any would do. */
    public String accessKeyId() {
        return running().accessKeyId();
    }

    public String secretAccessKey() {
        return running().secretAccessKey();
    }

    /** Of the same caller; empty when it has none, which is usual. */
    public Optional<String> sessionToken() {
        return running().sessionToken();
    }

    /**
     * What an application that takes everything from its environment needs, for a process that the
     * test starts: {@code AWS_ENDPOINT_URL_FIREHOSE}, region and credentials.
     */
    public Map<String, String> environmentVariables() {
        return running().environmentVariables();
    }

    /**
     * The same as system properties, as the AWS SDK for Java 2 reads them: {@code
     * aws.endpointUrlFirehose}, {@code aws.region} and credentials. They are of the whole JVM, so
     * they suit tests that do not run in parallel.
     */
    public Map<String, String> systemProperties() {
        return running().systemProperties();
    }

    /**
     * The S3 server that objects land in, for an application that reads them.
     *
     * @throws IllegalStateException when the store is none
     */
    public S3Access s3() {
        return running()
                .s3()
                .orElseThrow(() -> new IllegalStateException("objects land in no S3 server here"));
    }

    // --- for the tests ---

    /**
     * Makes a stream that lands in this bucket and has everything else as Firehose has it by
     * default: records stand one behind the other, with nothing between them.
     *
     * @throws IllegalArgumentException with the words of the API, when it refuses
     */
    public void createStream(String name, String bucket) {
        running().create(StreamRequest.of(name, bucket));
    }

    /**
     * Makes any stream. An application's own SDK can do that as well.
     *
     * @param request of CreateDeliveryStream, as JSON
     * @throws IllegalArgumentException with the words of the API, when it refuses
     */
    public void createStream(String request) {
        running().create(request);
    }

    /**
     * Lands what was put into a stream, and returns when it has landed.
     *
     * @throws AssertionError with what keeps it, when it has not landed in time
     */
    public void flush(String stream) {
        running().flush(stream, timeout);
    }

    /**
     * What has landed of a stream. Lands what was put first.
     *
     * @throws AssertionError with what keeps it, when it has not landed in time
     */
    public Landed landed(String stream) {
        RunningService service = running();
        service.flush(stream, timeout);
        return service.landed(stream);
    }

    /**
     * The same for an application that puts in the background: waits until it has put so many
     * records since the stream was made.
     *
     * @throws AssertionError when they were not put in time, with what has landed instead
     */
    public Landed landed(String stream, long records) {
        RunningService service = running();
        service.await(stream, records, timeout);
        return landed(stream);
    }
}
