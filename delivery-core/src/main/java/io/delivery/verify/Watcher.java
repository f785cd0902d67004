package io.delivery.verify;

import java.util.List;

/** Is told how far it is, as it goes on: to look at every object may take hours. */
public interface Watcher {
    /** Nobody watches. */
    Watcher NOBODY = new Watcher() {};

    /** Another stream's books were checked. */
    default void streamChecked(String stream, List<LaneReport> lanes) {}

    /** So many objects were looked at by now. */
    default void looked(long objects) {}

    /** A bucket was listed: so many keys, and so many of them with our form. */
    default void listed(String place, long keys, long ours) {}
}
