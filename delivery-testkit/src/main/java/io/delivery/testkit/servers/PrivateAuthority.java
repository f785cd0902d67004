package io.delivery.testkit.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority that nobody trusts by default, and a certificate for 127.0.0.1 signed by
 * it. Made with the JDK's keytool.
 */
public final class PrivateAuthority {
    /** Options of keytool's JVM, which runs for a moment only. */
    public static final List<String> STARTS_FAST =
            List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto");

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path directory;
    private final KeyStore keys;

    private PrivateAuthority(Path directory, KeyStore keys) {
        this.directory = directory;
        this.keys = keys;
    }

    /** Writes its files into an existing directory. */
    public static PrivateAuthority create(Path directory) throws IOException {
        keytool(directory, "-genkeypair -alias ca -dname CN=ca -ext bc:c");
        keytool(directory, "-genkeypair -alias server -dname CN=localhost");
        keytool(directory, "-certreq -alias server -file server.csr");
        keytool(
                directory,
                "-gencert -alias ca -infile server.csr -outfile server.crt -rfc -ext"
                        + " san=ip:127.0.0.1,dns:localhost");
        keytool(directory, "-importcert -alias server -file server.crt -noprompt");
        try (InputStream in = Files.newInputStream(directory.resolve("keys.p12"))) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            Files.writeString(directory.resolve("ca.pem"), pem(keys.getCertificate("ca")));
            StringBuilder chain = new StringBuilder();
            for (Certificate certificate : keys.getCertificateChain("server")) {
                chain.append(pem(certificate));
            }
            Files.writeString(directory.resolve("public.crt"), chain);
            Key key = keys.getKey("server", PASSWORD);
            Files.writeString(
                    directory.resolve("private.key"), pem("PRIVATE KEY", key.getEncoded()));
            return new PrivateAuthority(directory, keys);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** The authority's own certificate, for who is to trust it. */
    public Path caFile() {
        return directory.resolve("ca.pem");
    }

    Path certificate() {
        return directory.resolve("public.crt");
    }

    Path privateKey() {
        return directory.resolve("private.key");
    }

    /** Trusts this authority only. */
    SSLContext trust() throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", keys.getCertificate("ca"));
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** For a server that shows the certificate. */
    public SSLContext server() throws IOException {
        try {
            KeyManagerFactory managers =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String pem(Certificate certificate) throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes), kind);
    }

    private static void keytool(Path directory, String words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(STARTS_FAST);
        command.addAll(List.of(words.split(" ")));
        command.addAll(
                List.of("-keystore", "keys.p12", "-storetype", "PKCS12", "-storepass", "changeit"));
        if (words.startsWith("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        }
        Path output = directory.resolve("keytool.log");
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool " + words + ": " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
