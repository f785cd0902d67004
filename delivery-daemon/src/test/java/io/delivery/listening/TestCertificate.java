package io.delivery.listening;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.servers.PrivateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate for 127.0.0.1 that nobody has signed. */
public final class TestCertificate {
    private TestCertificate() {}

    /** Both PEM files. */
    public record PemFiles(Path certificate, Path key) {
        public ServerCertificate read() throws ServerCertificate.UnusableException {
            return ServerCertificate.read(certificate, key);
        }
    }

    /**
     * Made by the JDK's keytool and written out as PEM.
     *
     * @param keytoolOptions more of them, for example {@code -startdate -3d -validity 1}
     */
    public static PemFiles in(Path folder, String... keytoolOptions) throws Exception {
        Path store = folder.resolve("store.p12");
        Files.deleteIfExists(store);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "a",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                "changeit",
                                "-keystore",
                                store.toString()));
        command.addAll(PrivateAuthority.STARTS_FAST);
        command.addAll(List.of(keytoolOptions));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        Path certificate = folder.resolve("server.crt");
        Path key = folder.resolve("server.key");
        Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
        Files.writeString(
                key, pem("PRIVATE KEY", keys.getKey("a", "changeit".toCharArray()).getEncoded()));
        return new PemFiles(certificate, key);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        what,
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der),
                        what);
    }
}
