package io.delivery.admin;

import java.util.List;

/**
 * What is to be said of the service as a whole, and of none of its streams.
 *
 * @param troubles an operator should do something about each, one sentence each
 * @param notes what whoever looks must know, although it is as it was configured
 */
public record ServiceState(List<String> troubles, List<String> notes) {
    /** There is nothing to say. */
    public static final ServiceState GOOD = new ServiceState(List.of(), List.of());

    public ServiceState {
        troubles = List.copyOf(troubles);
        notes = List.copyOf(notes);
    }
}
