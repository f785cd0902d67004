package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import org.junit.jupiter.api.Test;

class NeededFilesTest {
    @Test
    void a_file_takes_the_bytes_of_all_its_objects_until_none_of_them_is_to_be_landed() {
        ObjectRecord first = LaneRecords.object(0, 3);
        ObjectRecord second =
                LaneRecords.object(
                        0, 1, Kind.MAIN, "other", 3, LaneRecords.object(3, 6).sequences());
        long both = first.staged().length() + second.staged().length();
        NeededFiles files = new NeededFiles();
        files.toLand(first);
        files.toLand(second);

        files.notToLand(first);

        assertThat(files.bytes(first.staged().file())).isEqualTo(both);
        assertThat(files.bytes()).isEqualTo(both);
        files.notToLand(second);
        assertThat(files.bytes(first.staged().file())).isZero();
        assertThat(files.bytes()).isZero();
    }
}
