package io.delivery.api.signing;

import io.delivery.api.ApiException;

/** Who calls, and what they may do. */
public interface Caller {
    /** Somebody whose signature is not checked: may do everything. */
    Caller ANYONE =
            new Caller() {
                @Override
                public boolean mayUse(String action) {
                    return true;
                }

                @Override
                public void mustBeAllowed(String action) {}

                @Override
                public void mustBeAllowed(String action, String stream) {}
            };

    /**
     * Whether there can be a stream that it may use this on.
     *
     * @param action an operation's name, e.g. {@code PutRecord}
     */
    boolean mayUse(String action);

    /**
     * @param action an operation's name, e.g. {@code PutRecord}
     * @throws ApiException AccessDeniedException
     */
    void mustBeAllowed(String action);

    /**
     * @throws ApiException AccessDeniedException
     */
    void mustBeAllowed(String action, String stream);
}
