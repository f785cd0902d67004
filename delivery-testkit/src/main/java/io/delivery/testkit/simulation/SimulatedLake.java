package io.delivery.testkit.simulation;

import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SimEntropy;
import io.delivery.world.World;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Where the objects of a simulated stream become visible. Outlives the process. */
public interface SimulatedLake {
    /** The store as a new process opens it. */
    ObjectStore open(World world);

    /** What is visible now. The process must be alive. */
    Map<ObjectName, byte[]> visible() throws IOException;

    /** Makes the store behave badly, as the dice say. */
    void badWeather(SimEntropy chance);

    /** From now on everything goes well. */
    void heal();

    /** Multipart uploads that were begun and neither completed nor aborted, by id. */
    default List<String> openUploads() {
        return List.of();
    }

    /** Landings whose bytes are on the wire: they arrive even if their process is dead by then. */
    default int onTheWire() {
        return 0;
    }
}
