package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate for 127.0.0.1 that nobody has signed. */
final class TestCertificate {
    private TestCertificate() {}

    /** Made by the JDK's keytool and written out as PEM. */
    static ApiSettings.Tls in(Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool =
                new ProcessBuilder(
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
                                store.toString())
                        .redirectErrorStream(true)
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        Path certificate = folder.resolve("server.crt");
        Path key = folder.resolve("server.key");
        Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
        Files.writeString(
                key, pem("PRIVATE KEY", keys.getKey("a", "changeit".toCharArray()).getEncoded()));
        return new ApiSettings.Tls(certificate, key);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        what,
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der),
                        what);
    }
}
