package io.delivery.wiring;

import io.delivery.api.ApiException;
import io.delivery.api.http.FirehoseClient;
import io.delivery.api.signing.RequestSigner;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.config.StoreSettings;
import io.delivery.machine.SystemClock;
import io.delivery.parquet.ParquetTable;
import io.delivery.proof.DaemonCommand;
import io.delivery.proof.DirectoryLake;
import io.delivery.proof.Proof;
import io.delivery.proof.ProofProgress;
import io.delivery.proof.ProofSettings;
import io.delivery.proof.ProofStore;
import io.delivery.proof.RecordSender;
import io.delivery.proof.RowReader;
import io.delivery.s3.S3Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a proof needs to know of the rest of the program. */
public final class ProofParts {
    private static final String ACCESS_KEY = "DELIVERY_PROOF_STORE_KEY";
    private static final String SECRET = "DELIVERY_PROOF_STORE_SECRET";

    private ProofParts() {}

    /** A proof of this very program. */
    public static Proof proof(
            ProofSettings settings, ProofStore store, ProofProgress progress, Path scratch) {
        return proof(settings, store, program(), progress, scratch);
    }

    /** A proof of this program, started in this way. */
    public static Proof proof(
            ProofSettings settings,
            ProofStore store,
            DaemonCommand program,
            ProofProgress progress,
            Path scratch) {
        return new Proof(settings, store, program, ProofParts::sender, rows(), progress, scratch);
    }

    /** This program, as another process. */
    public static DaemonCommand program() {
        return DaemonCommand.ofThisProcess(Main.class.getName());
    }

    private static RecordSender sender(URI endpoint, String accessKeyId, String secret) {
        RequestSigner signer = new RequestSigner(accessKeyId, secret, "us-east-1");
        FirehoseClient client =
                new FirehoseClient(endpoint, Optional.of(signer), new SystemClock());
        return (stream, records) -> put(client, stream, records);
    }

    private static List<String> put(FirehoseClient client, String stream, List<byte[]> records)
            throws IOException, InterruptedException, RecordSender.RefusedException {
        List<String> ids = new ArrayList<>();
        try {
            for (FirehoseClient.Entry entry : client.putRecordBatch(stream, records)) {
                if (!entry.accepted()) {
                    // The records of a call share a frame: they are accepted together.
                    throw new RecordSender.RefusedException("one record: " + entry);
                }
                ids.add(entry.recordId());
            }
        } catch (ApiException refused) {
            String said = refused.type() + ": " + refused.getMessage();
            if (refused.status() >= 500) {
                throw new RecordSender.UnavailableException(said, refused);
            }
            throw new RecordSender.RefusedException(said);
        }
        return ids;
    }

    private static RowReader rows() {
        return (bytes, columns) -> {
            Path file = Files.createTempFile("delivery-proof-", ".parquet");
            try {
                Files.write(file, bytes);
                try (ParquetTable table = ParquetTable.open(file)) {
                    List<List<String>> rows = table.firstRows(Integer.MAX_VALUE, columns);
                    if (rows.size() != table.rowCount()) {
                        throw new IOException(
                                "%d rows of %d could be read"
                                        .formatted(rows.size(), table.rowCount()));
                    }
                    return rows;
                }
            } catch (RuntimeException damaged) {
                throw new IOException("no Parquet: " + damaged, damaged);
            } finally {
                Files.deleteIfExists(file);
            }
        };
    }

    // --- stores ---

    /** The embedded store: a folder. */
    public static ProofStore directory(Path folder, String bucket, String prefix) {
        return new ProofStore(
                "directory",
                bucket,
                prefix,
                "{directory: " + quoted(folder.toAbsolutePath().toString()) + "}",
                Map.of(),
                Optional.empty(),
                "a directory has no requests to disturb",
                new DirectoryLake(folder.resolve(bucket)));
    }

    /**
     * A store of a configuration. Parts are of 5 MB, so that objects of seconds are uploaded in
     * parts; addresses are path style, since the proxy has one address only.
     *
     * @throws IOException when its CA file cannot be read
     */
    public static ProofStore store(StoreSettings store, String bucket, String prefix)
            throws IOException {
        return store.definition()
                .choose(
                        directory -> directory(directory.path(), bucket, prefix),
                        s3 -> s3(store.name(), s3, bucket, prefix));
    }

    private static ProofStore s3(String name, StoreDefinition.S3 s3, String bucket, String prefix)
            throws IOException {
        String reason = withoutFaults(s3);
        Map<String, String> environment = new LinkedHashMap<>();
        s3.credentials()
                .ifPresent(
                        key -> {
                            environment.put(ACCESS_KEY, key.accessKeyId());
                            environment.put(SECRET, key.secretAccessKey().value());
                        });
        return new ProofStore(
                "%s, s3://%s/%s at %s"
                        .formatted(
                                name,
                                bucket,
                                prefix,
                                s3.endpoint().map(URI::toString).orElse("AWS, " + s3.region())),
                bucket,
                prefix,
                "{s3: {" + String.join(", ", yaml(s3, reason.isEmpty())) + "}}",
                environment,
                s3.endpoint(),
                reason,
                new S3Lake(S3Settings.of(s3, false), bucket));
    }

    private static String withoutFaults(StoreDefinition.S3 s3) {
        if (s3.endpoint().isEmpty()) {
            return "AWS takes no request that was signed for the proxy; kills only";
        }
        return "http".equals(s3.endpoint().get().getScheme())
                ? ""
                : "the proxy cannot look into TLS; kills only";
    }

    static List<String> yaml(StoreDefinition.S3 s3, boolean proxied) {
        List<String> members = new ArrayList<>();
        if (s3.endpoint().isPresent()) {
            members.add("endpoint: '${" + ProofStore.ENDPOINT + "}'");
        }
        members.add("region: " + quoted(s3.region()));
        members.add("pathStyle: " + (proxied || s3.pathStyle()));
        if (s3.credentials().isPresent()) {
            members.add(
                    "credentials: {accessKeyId: '${%s}', secretAccessKey: '${%s}'}"
                            .formatted(ACCESS_KEY, SECRET));
        }
        s3.credentialsFile()
                .ifPresent(
                        f ->
                                members.add(
                                        "credentialsFile: "
                                                + quoted(f.toAbsolutePath().toString())));
        s3.caFile().ifPresent(f -> members.add("caFile: " + quoted(f.toAbsolutePath().toString())));
        members.add(
                "checksums: "
                        + switch (s3.checksums()) {
                            case WHEN_SUPPORTED -> "whenSupported";
                            case WHEN_REQUIRED -> "whenRequired";
                        });
        members.add("chunkedEncoding: " + s3.chunkedEncoding());
        members.add("signedBodies: " + s3.signedBodies());
        members.add(
                "conditionalWrites: "
                        + switch (s3.conditionalWrites()) {
                            case AUTO -> "auto";
                            case NEVER -> "never";
                        });
        members.add("readBack: " + s3.readBack());
        members.add(
                "acl: "
                        + switch (s3.acl()) {
                            case NONE -> "none";
                            case BUCKET_OWNER_FULL_CONTROL -> "bucketOwnerFullControl";
                        });
        members.add("encryption: " + encryption(s3.encryption()));
        members.add("partSize: 5MB");
        return members;
    }

    private static String encryption(Encryption encryption) {
        return encryption.choose(
                none -> "none", aes256 -> "aes256", kms -> "{kms: " + quoted(kms.key()) + "}");
    }

    /** In YAML, and with nothing in it replaced. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''").replace("${", "$${") + "'";
    }
}
