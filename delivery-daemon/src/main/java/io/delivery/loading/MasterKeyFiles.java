package io.delivery.loading;

import io.delivery.config.ConfigProblems;
import io.delivery.config.MasterKeySettings;
import io.delivery.crypt.MasterKey;
import io.delivery.crypt.MasterKeys;
import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the master keys that a configuration names. */
public final class MasterKeyFiles {
    private static final int MOST_BYTES = 4096;

    private MasterKeyFiles() {}

    /**
     * Reads all of them.
     *
     * @param problems gets what is wrong with each; no key is shown
     * @return those that could be read
     */
    public static MasterKeys read(List<MasterKeySettings> settings, ConfigProblems problems) {
        List<MasterKey> keys = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            MasterKeySettings key = settings.get(i);
            String path = MasterKeySettings.path(i) + (key.file().isPresent() ? ".file" : ".key");
            try {
                keys.add(MasterKey.parse(key.id(), text(key)));
            } catch (IllegalArgumentException noKey) {
                problems.add(path, "%s (master key %s)".formatted(noKey.getMessage(), key.id()));
            } catch (IOException unreadable) {
                problems.add(
                        path,
                        "cannot be read: %s (master key %s)"
                                .formatted(FailureText.of(unreadable), key.id()));
            }
        }
        return new MasterKeys(keys);
    }

    private static String text(MasterKeySettings key) throws IOException {
        if (key.file().isEmpty()) {
            return key.key().orElseThrow().value();
        }
        Path file = key.file().get();
        return new String(BoundedFile.read(file, MOST_BYTES), StandardCharsets.UTF_8);
    }
}
