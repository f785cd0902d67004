package io.delivery.wiring;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.ServerSettings;
import java.util.ArrayList;
import java.util.List;

/** What of a configuration only a restart changes. */
final class FixedSections {
    private FixedSections() {}

    /** A sentence for each section in which another configuration differs. */
    static List<String> changed(DeliveryConfig now, DeliveryConfig next) {
        List<String> changed = new ArrayList<>();
        note("server", withSecretsOf(next.server(), now.server()), next.server(), changed);
        note("dataDir", now.dataDir(), next.dataDir(), changed);
        note("limits", now.limits(), next.limits(), changed);
        note("log", now.log(), next.log(), changed);
        note("encryption", now.masterKeys(), next.masterKeys(), changed);
        return changed;
    }

    /**
     * Other callers and another token come into force with a reload; whether there are any is a
     * matter of the port.
     */
    private static ServerSettings withSecretsOf(ServerSettings next, ServerSettings now) {
        return now.withSecrets(
                now.credentials().isEmpty() || next.credentials().isEmpty()
                        ? now.credentials()
                        : next.credentials(),
                now.adminToken().isEmpty() || next.adminToken().isEmpty()
                        ? now.adminToken()
                        : next.adminToken());
    }

    private static void note(String section, Object now, Object next, List<String> changed) {
        if (!now.equals(next)) {
            changed.add(
                    "%s: has changed, and only a restart changes it; nothing has been changed"
                            .formatted(section));
        }
    }
}
