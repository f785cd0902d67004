package io.delivery.directory;

import io.delivery.testkit.SimWorld;
import io.delivery.testkit.simulation.CrashRow;
import io.delivery.testkit.simulation.CrashTableContract;
import io.delivery.testkit.simulation.SimulatedLake;
import java.util.Set;

/** The crash table before a folder on the disk that crashes with the process. */
class DirectoryCrashTableTest extends CrashTableContract {
    @Override
    protected SimulatedLake lake(SimWorld sim) {
        return new SimulatedFolder(sim);
    }

    @Override
    protected Set<CrashRow> rowsOfOtherStores() {
        // A folder knows no uploads in parts, and nothing is under way when its process is dead.
        return Set.of(
                CrashRow.AFTER_CREATE_MULTIPART_BEFORE_UPLOAD_IS_RECORDED,
                CrashRow.WITH_A_LATE_PUT_UNDER_WAY);
    }
}
