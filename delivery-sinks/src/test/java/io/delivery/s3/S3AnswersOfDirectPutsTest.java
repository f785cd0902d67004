package io.delivery.s3;

import io.delivery.config.StoreDefinition.ConditionalWrites;
import java.io.IOException;

/** The same of a PUT that is made without the SDK, as one is behind another into the bucket. */
class S3AnswersOfDirectPutsTest extends S3AnswersTest {
    @Override
    void prepare(S3Store opened, ConditionalWrites conditional, boolean readBack)
            throws IOException {
        lands(opened, conditional, readBack);
    }
}
