package io.delivery.testkit.servers;

import java.net.URI;

/** What servers that are child processes have in common. */
abstract class ChildServer implements S3Server {
    private final String name;
    private final String version;
    private final ServerProcess process;

    ChildServer(String name, String version, ServerProcess process) {
        this.name = name;
        this.version = version;
        this.process = process;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public URI endpoint() {
        return process.endpoint();
    }

    @Override
    public String region() {
        return "us-east-1";
    }

    @Override
    public String accessKeyId() {
        return "testak";
    }

    @Override
    public String secretAccessKey() {
        return "testsecret123456";
    }

    @Override
    public void close() {
        process.close();
    }

    @Override
    public String toString() {
        return name + " " + version + " at " + endpoint();
    }
}
