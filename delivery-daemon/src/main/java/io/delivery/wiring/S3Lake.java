package io.delivery.wiring;

import io.delivery.machine.Machine;
import io.delivery.proof.Lake;
import io.delivery.s3.S3Reader;
import io.delivery.s3.S3Settings;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** A bucket of a store that speaks S3, with threads of its own. */
final class S3Lake implements Lake {
    private final Machine machine = new Machine();
    private final S3Reader reader;
    private final String bucket;

    S3Lake(S3Settings settings, String bucket) throws IOException {
        this.reader = S3Reader.open(settings, machine.world().scheduler());
        this.bucket = bucket;
    }

    @Override
    public Map<String, Long> list(String prefix) throws IOException {
        return reader.list(bucket, prefix);
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        return reader.read(bucket, key);
    }

    @Override
    public Optional<Map<String, Integer>> versions(String prefix) throws IOException {
        return reader.versions(bucket, prefix);
    }

    @Override
    public void remove(String key) throws IOException {
        reader.remove(bucket, key);
    }

    @Override
    public void close() {
        reader.close();
        machine.close();
    }
}
