package io.delivery.glue;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.testkit.servers.MotoServer;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.TableInput;

/** moto, when the tools folder has it. */
class MotoGlueCatalogIT extends GlueCatalogContract {
    private static MotoServer moto;
    private static GlueClient glue;

    @BeforeAll
    static void start() {
        assumeTrue(MotoServer.missing().isEmpty(), () -> MotoServer.missing().orElse(""));
        moto = MotoServer.start();
        glue =
                GlueClient.builder()
                        .httpClient(Apache5HttpClient.create())
                        .region(Region.of(moto.region()))
                        .endpointOverride(moto.endpoint())
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                moto.accessKeyId(), moto.secretAccessKey())))
                        .build();
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            glue.close();
            moto.close();
        }
    }

    @BeforeEach
    void database() {
        glue.createDatabase(c -> c.databaseInput(d -> d.name("shop")));
    }

    @AfterEach
    void removeDatabase() {
        glue.deleteDatabase(d -> d.name("shop"));
    }

    @Override
    URI endpoint() {
        return moto.endpoint();
    }

    @Override
    void write(String table, String type, String... columns) {
        List<Column> described =
                Arrays.stream(columns)
                        .map(name -> Column.builder().name(name).type(type).build())
                        .toList();
        TableInput input =
                TableInput.builder()
                        .name(table)
                        .storageDescriptor(s -> s.columns(described))
                        .build();
        try {
            glue.createTable(c -> c.databaseName("shop").tableInput(input));
        } catch (AlreadyExistsException there) {
            glue.updateTable(u -> u.databaseName("shop").tableInput(input));
        }
    }

    @Override
    void remove(String table) {
        glue.deleteTable(d -> d.databaseName("shop").name(table));
    }
}
