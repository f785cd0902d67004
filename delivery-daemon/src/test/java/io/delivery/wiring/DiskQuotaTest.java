package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.firehose.model.LimitExceededException;

/** How many streams there can be is a matter of the disk. */
class DiskQuotaTest extends ApiWorld {
    private static final int MORE_THAN_FIT = 20;

    @Override
    Path writeConfig() throws IOException {
        Path file = super.writeConfig();
        String text = Files.readString(file);
        String small = text.replace("memory: 128MB", "memory: 128MB, disk: 128MB");
        assertThat(small).isNotEqualTo(text);
        return Files.writeString(file, small);
    }

    @Test
    void a_stream_for_which_the_disk_limit_has_no_room_is_refused_and_the_others_stay() {
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < MORE_THAN_FIT; i++) {
                                create("made-" + i, d -> {});
                            }
                        })
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("disk limit");

        assertThat(client.listDeliveryStreams().deliveryStreamNames())
                .contains("fixed", "made-0")
                .hasSizeLessThan(MORE_THAN_FIT);
    }
}
