package io.delivery.loading;

import io.delivery.config.Secret;
import io.delivery.config.ServerSettings;
import io.delivery.file.BoundedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The file of {@code server.adminTokenFile}: the token, and maybe a line break behind it. */
public final class AdminTokenFile {
    private static final int MOST_BYTES = 64 << 10;

    private AdminTokenFile() {}

    /**
     * The token that is in it now.
     *
     * @throws IOException when there is none that can be used; the message names the file
     */
    public static Secret read(Path file) throws IOException {
        Secret token;
        try {
            String text = new String(BoundedFile.read(file, MOST_BYTES), StandardCharsets.UTF_8);
            token = new Secret(text.replaceFirst("\\r?\\n$", ""));
        } catch (BoundedFile.RefusedException refused) {
            throw new IOException("%s %s".formatted(file, refused.getMessage()), refused);
        } catch (NoSuchFileException missing) {
            throw new IOException(file + " is not there", missing);
        }
        Optional<String> problem = ServerSettings.problemOfAdminToken(token);
        if (problem.isPresent()) {
            throw new IOException("the token in %s %s".formatted(file, problem.get()));
        }
        return token;
    }
}
