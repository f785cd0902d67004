package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.lane.Books;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When encoders hear that their objects are durable. */
class StagedObjectsTest {
    /** Fails at this object, the first being 1. */
    private static final class FailingOnce extends HintsWorld.Plain {
        private final int failsAt;
        private int encoded;
        private int staged;

        FailingOnce(int failsAt) {
            this.failsAt = failsAt;
        }

        @Override
        public RecordEncoder encoder(long memoryBytes) {
            return new Told();
        }

        private final class Told implements RecordEncoder {
            private boolean written;

            @Override
            public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
                    throws IOException {
                if (++encoded == failsAt) {
                    throw new IOException("injected: no table");
                }
                FailingOnce.super.encode(records, out, rejected);
                written = true;
            }

            @Override
            public void staged() {
                assertThat(written).isTrue();
                written = false; // it is told once
                staged++;
            }
        }
    }

    private static void assertEachIsToldOnce(FailingOnce encoder, int attempts) throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.encodeWith(encoder);
        world.killAndRestart();
        world.put("a:1");
        world.put("b:1");
        world.put("c:1");

        world.pass(Duration.ofSeconds(120));

        Books books = world.lane().books();
        assertThat(books.landed()).isEqualTo(3);
        assertThat(encoder.encoded).isEqualTo(attempts);
        assertThat(encoder.staged).isEqualTo(3);
    }

    @Test
    void each_encoder_is_told_once() throws IOException {
        assertEachIsToldOnce(new FailingOnce(0), 3);
    }

    @Test
    void encoders_whose_objects_are_encoded_again_since_a_later_one_has_failed_are_not_told()
            throws IOException {
        assertEachIsToldOnce(new FailingOnce(3), 6);
    }
}
