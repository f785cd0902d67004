package io.delivery.wiring;

import io.delivery.landing.ObjectStore;
import io.delivery.world.World;

/**
 * What stands between the program and what is outside of it: nothing. A test main stands there that
 * ends the process at one step of the landing protocol.
 */
interface Intervention {
    Intervention NONE = new Intervention() {};

    /** The world that the engine is to live in. */
    default World world(World real) {
        return real;
    }

    /** The store that objects are to land in. */
    default ObjectStore store(ObjectStore real) {
        return real;
    }
}
