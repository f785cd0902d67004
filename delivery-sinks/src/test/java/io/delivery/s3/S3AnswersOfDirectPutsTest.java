package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.s3.direct.DirectPuts;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The same of a PUT that is made without the SDK, as one is behind another into the bucket. */
class S3AnswersOfDirectPutsTest extends S3AnswersTest {
    /**
     * Knows who has read it.
     *
     * @param direct one for each time that it was opened: whether that was done by direct PUTs
     */
    private record Watched(List<Boolean> direct) implements StagedContent {
        @Override
        public long length() {
            return CONTENT.length();
        }

        @Override
        public int crc32() {
            return CONTENT.crc32();
        }

        @Override
        public InputStream open(long offset, long length) throws IOException {
            direct.add(
                    StackWalker.getInstance()
                            .walk(frames -> frames.anyMatch(Watched::sendsWithoutTheSdk)));
            return CONTENT.open(offset, length);
        }

        private static boolean sendsWithoutTheSdk(StackWalker.StackFrame frame) {
            return frame.getClassName().equals(DirectPuts.class.getName())
                    && frame.getMethodName().equals("send");
        }
    }

    @Override
    void prepare(S3Store opened, ConditionalWrites conditional, boolean readBack)
            throws IOException {
        lands(opened, conditional, readBack, "in/before", CONTENT);
        Watched second = new Watched(new CopyOnWriteArrayList<>());

        lands(opened, conditional, readBack, "in/before-too", second);

        assertThat(second.direct()).contains(true);
    }
}
