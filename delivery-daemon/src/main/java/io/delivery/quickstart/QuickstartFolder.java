package io.delivery.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * The folder in which quickstart works: a configuration that {@code delivery run} takes as it is,
 * the schema, the data directory, and the lake.
 *
 * @param path absolute
 */
public record QuickstartFolder(Path path) {
    private static final String PROFILE = "delivery-quickstart";

    /** Buckets of the lake: also folders below it. */
    static final String BUCKET = "events";

    static final String BACKUP_BUCKET = "events-backup";

    /** What is in use while it runs. */
    public record Addresses(int apiPort, int adminPort, String accessKeyId, String secret) {}

    /**
     * Makes it; only its owner may look into it, since a secret is in it.
     *
     * @throws IOException also when there is something in it
     */
    public static QuickstartFolder make(Path path) throws IOException {
        Path folder = path.toAbsolutePath().normalize();
        Files.createDirectories(folder);
        try (Stream<Path> there = Files.list(folder)) {
            if (there.findAny().isPresent()) {
                throw new IOException(
                        folder + " is not empty; quickstart needs a folder of its own");
            }
        }
        closeToOthers(folder);
        return new QuickstartFolder(folder);
    }

    /** A fresh one among the temporary files. */
    public static QuickstartFolder temporary() throws IOException {
        Path folder = Files.createTempDirectory("delivery-quickstart-").toAbsolutePath();
        closeToOthers(folder);
        return new QuickstartFolder(folder);
    }

    private static void closeToOthers(Path folder) throws IOException {
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    public Path config() {
        return path.resolve("delivery.yaml");
    }

    /** For {@code AWS_CONFIG_FILE}. */
    public Path awsConfig() {
        return path.resolve("aws-config");
    }

    public Path lake() {
        return path.resolve("lake");
    }

    /** Name of the profile in {@link #awsConfig}. */
    public String awsProfile() {
        return PROFILE;
    }

    /** Writes everything that is needed to start. */
    public void write(DataSet data, Addresses addresses) throws IOException {
        Path schema = path.resolve("schemas/quickstart").resolve(data.name() + ".yaml");
        Files.createDirectories(schema.getParent());
        Files.writeString(schema, data.schema());
        Files.writeString(config(), yaml(data, addresses));
        // raw-in-base64-out: version 2 of the CLI would take Data for base64, version 1 does not.
        Files.writeString(
                awsConfig(),
                """
                [profile %s]
                region = us-east-1
                cli_binary_format = raw-in-base64-out
                aws_access_key_id = %s
                aws_secret_access_key = %s
                """
                        .formatted(PROFILE, addresses.accessKeyId(), addresses.secret()));
    }

    private static String yaml(DataSet data, Addresses addresses) {
        return """
        # Written by `delivery quickstart`; `delivery run` takes it as it is.
        # Relative paths are relative to this file.

        dataDir: data                      # the journal: what was answered with 200 is here, fsynced

        server:
          api: 127.0.0.1:%d
          admin: 127.0.0.1:%d
          credentials:
            - {accessKeyId: %s, secretAccessKey: '%s'}

        limits: {disk: 2GB, memory: 128MB}

        stores:
          lake: {directory: lake}          # a bucket is a folder; s3 is the other kind

        catalogs:
          main: {file: schemas}

        streams:
          %s:
            # Small and early, so that nobody waits; for a real lake 64MB to 128MB and 60s to 900s.
            buffer: {size: 1MB, interval: 5s, lowLatency: true}
        %s\
            format:
              parquet: {compression: zstd}
              schema: {table: 'quickstart.%s'}
            destination:
              bucket: %s
              prefix: %s
              errorPrefix: errors/!{firehose:error-output-type}/
            backup:                        # every record as it came
              bucket: %s
              prefix: source/
              compression: gzip
              delimiter: lines
              buffer: {size: 1MB, interval: 5s, lowLatency: true}
        """
                .formatted(
                        addresses.apiPort(),
                        addresses.adminPort(),
                        addresses.accessKeyId(),
                        addresses.secret(),
                        data.name(),
                        data.partitioning().map(QuickstartFolder::partitioning).orElse(""),
                        data.name(),
                        BUCKET,
                        data.partitioning().map(QuickstartFolder::prefix).orElse("all/"),
                        BACKUP_BUCKET);
    }

    private static String partitioning(Partitioning by) {
        return "    partitioning:\n      query: '" + by.query().replace("'", "''") + "'\n";
    }

    private static String prefix(Partitioning by) {
        StringBuilder prefix = new StringBuilder("'");
        for (String key : by.keys()) {
            prefix.append(key).append("=!{partitionKeyFromQuery:").append(key).append("}/");
        }
        return prefix.append('\'').toString();
    }
}
