package io.delivery.glue;

import io.delivery.config.AccessKey;
import io.delivery.config.CatalogDefinition;
import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.GlueClientBuilder;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.GetTableRequest;
import software.amazon.awssdk.services.glue.model.GetTableResponse;
import software.amazon.awssdk.services.glue.model.GetTableVersionRequest;
import software.amazon.awssdk.services.glue.model.GetTableVersionResponse;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Asks Glue by the AWS SDK, which repeats nothing: whoever asks does. The client is made with the
 * first question, because many a catalog is opened and never asked.
 */
final class GlueApi implements GlueTables {
    private final CatalogDefinition.Glue settings;
    private final Scheduler scheduler;
    private final Duration limit;
    private Connection connection;
    private boolean closed;

    /** A client and what it holds. */
    private record Connection(
            GlueHttp http, AwsCredentialsProvider credentials, GlueClient client) {
        void close() {
            client.close();
            http.close();
            if (credentials instanceof SdkAutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    GlueApi(CatalogDefinition.Glue settings, Scheduler scheduler) {
        this(settings, scheduler, GlueHttp.LIMIT);
    }

    /**
     * @param limit how long one request may take
     */
    GlueApi(CatalogDefinition.Glue settings, Scheduler scheduler, Duration limit) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.limit = limit;
    }

    private synchronized GlueClient client() {
        if (closed) {
            throw new IllegalStateException("the catalog is closed");
        }
        if (connection == null) {
            connection = connect();
        }
        return connection.client();
    }

    private Connection connect() {
        GlueHttp http = new GlueHttp(scheduler, limit);
        AwsCredentialsProvider credentials = credentials(settings.credentials());
        GlueClientBuilder builder =
                GlueClient.builder()
                        .httpClient(http)
                        .region(Region.of(settings.region()))
                        .credentialsProvider(credentials)
                        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()));
        settings.endpoint().ifPresent(builder::endpointOverride);
        return new Connection(http, credentials, builder.build());
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

    @Override
    public TableSchema read(TableName name) throws CatalogException {
        return name.version().isPresent() ? version(name, name.version().get()) : latest(name);
    }

    private TableSchema latest(TableName name) throws CatalogException {
        GetTableResponse answer;
        try {
            answer =
                    client().getTable(
                                    GetTableRequest.builder()
                                            .catalogId(settings.catalogId().orElse(null))
                                            .databaseName(name.database())
                                            .name(name.table())
                                            .build());
        } catch (RuntimeException failed) { // of the SDK, and of a client that has been closed
            throw answers("GetTable", name).meaning(failed);
        }
        if (answer.table() == null) {
            throw answers("GetTable", name).withoutTable();
        }
        return GlueTable.schema(
                name, Optional.ofNullable(answer.table().versionId()), answer.table());
    }

    private TableSchema version(TableName name, String number) throws CatalogException {
        GetTableVersionResponse answer;
        try {
            answer =
                    client().getTableVersion(
                                    GetTableVersionRequest.builder()
                                            .catalogId(settings.catalogId().orElse(null))
                                            .databaseName(name.database())
                                            .tableName(name.table())
                                            .versionId(number)
                                            .build());
        } catch (EntityNotFoundException absent) {
            throw absent(name, number);
        } catch (RuntimeException failed) { // of the SDK, and of a client that has been closed
            throw answers("GetTableVersion", name).meaning(failed);
        }
        if (answer.tableVersion() == null || answer.tableVersion().table() == null) {
            throw answers("GetTableVersion", name).withoutTable();
        }
        return GlueTable.schema(name, Optional.of(number), answer.tableVersion().table());
    }

    /** Glue has one exception for a missing database, table and version. */
    private CatalogException absent(TableName name, String number) {
        TableSchema newest;
        try {
            newest = latest(name.latest());
        } catch (CatalogException noTable) {
            return noTable;
        }
        return new CatalogException(
                Reason.INVALID_VERSION_ID,
                List.of(
                        new SchemaProblem(
                                Cause.ABSENT,
                                "",
                                0,
                                "version",
                                "GetTableVersion %s.%s: there is no version %s, the newest is %s"
                                        .formatted(
                                                name.database(),
                                                name.table(),
                                                number,
                                                newest.version()))));
    }

    private GlueAnswers answers(String operation, TableName name) {
        return new GlueAnswers(settings, operation, name);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
