package io.delivery.api;

import io.delivery.api.signing.Caller;
import java.nio.charset.StandardCharsets;

/** A call with a body of its own. */
record FakeCall(Caller caller, byte[] body) implements Operation.Call {
    /** Of a caller that may do everything. */
    static FakeCall of(String json) {
        return of(Caller.ANYONE, json);
    }

    static FakeCall of(Caller caller, String json) {
        return new FakeCall(caller, json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int length() {
        return body.length;
    }

    @Override
    public void releaseBody() {}
}
