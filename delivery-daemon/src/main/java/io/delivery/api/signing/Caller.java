package io.delivery.api.signing;

import io.delivery.api.ApiException;

/** Who calls, and what they may do. */
public interface Caller {
    /** Somebody whose signature is not checked: may do everything. */
    Caller ANYONE =
            new Caller() {
                @Override
                public void mustBeAllowed(String action) {}

                @Override
                public void mustBeAllowed(String action, String stream) {}
            };

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
