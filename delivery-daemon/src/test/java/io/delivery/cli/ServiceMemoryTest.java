package io.delivery.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.machine.FileDisk;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceMemoryTest {
    private static final OptionalLong NODE = OptionalLong.of(64L << 30);
    private static final long GIB = 1L << 30;

    @Test
    void a_service_and_a_program_without_a_container_have_the_heap_that_they_have() {
        ServiceMemory memory = ServiceMemory.of(Map.of(), null, NODE);

        assertThat(memory).isEqualTo(ServiceMemory.UNKNOWN);
        assertThat(HostResources.local(new FileDisk(), memory).heapBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory());
    }

    @Test
    void a_command_beside_a_service_knows_its_heap_from_the_limit_of_the_container() {
        ServiceMemory memory = ServiceMemory.of(limit("1073741824"), "60", NODE);

        assertThat(memory.heapBytes()).hasValue(GIB * 60 / 100);
        assertThat(HostResources.local(new FileDisk(), memory).heapBytes())
                .isEqualTo(GIB * 60 / 100);
    }

    @Test
    void without_a_limit_that_is_told_the_memory_that_java_sees_counts() {
        assertThat(ServiceMemory.of(Map.of(), "60", OptionalLong.of(GIB)).heapBytes())
                .hasValue(GIB * 60 / 100);
        assertThat(ServiceMemory.of(Map.of(), "60", OptionalLong.empty()).heapBytes()).isEmpty();
    }

    /** The numbers are those that java -XX:+PrintFlagsFinal tells of MaxHeapSize. */
    @ParameterizedTest
    @CsvSource({
        "-XX:MaxRAMPercentage=50, 512",
        "-XX:MaxRAMPercentage=50 -XX:MaxRAMPercentage=25, 256",
        "-Xmx300m, 300",
        "-Xmx300M -XX:MaxRAMPercentage=50, 300",
        "-Xmx300m -XX:MaxHeapSize=2g, 2048",
        "-XX:MaxRAM=2g -XX:MaxRAMPercentage=25, 512",
        "-Xlog:gc -XX:+UseSerialGC -XX:MaxRAMPercentage=50.0, 512",
    })
    void options_of_the_service_count_as_its_jvm_counts_them(String options, long mebibytes) {
        for (String name : new String[] {"DELIVERY_JAVA_OPTS", "JDK_JAVA_OPTIONS"}) {
            Map<String, String> environment =
                    Map.of(ServiceMemory.LIMIT, Long.toString(GIB), name, options);

            assertThat(ServiceMemory.of(environment, "60", NODE).heapBytes())
                    .hasValue(mebibytes << 20);
        }
    }

    @Test
    void what_the_jvm_reads_last_counts() {
        Map<String, String> environment =
                Map.of(
                        "JAVA_TOOL_OPTIONS", "-Xmx100m",
                        "DELIVERY_JAVA_OPTS", "-Xmx200m",
                        "_JAVA_OPTIONS", "-Xmx300m");

        assertThat(ServiceMemory.of(environment, "60", NODE).heapBytes()).hasValue(300L << 20);
    }

    @Test
    void the_memory_is_the_limit_of_the_container_where_java_sees_that_of_the_node() {
        ServiceMemory small = new ServiceMemory(OptionalLong.of(1 << 20), OptionalLong.empty());
        ServiceMemory large =
                new ServiceMemory(OptionalLong.of(Long.MAX_VALUE), OptionalLong.empty());

        assertThat(HostResources.local(new FileDisk(), small).memoryBytes()).hasValue(1 << 20);
        assertThat(HostResources.local(new FileDisk(), large).memoryBytes())
                .isEqualTo(HostResources.local(new FileDisk()).memoryBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "plenty, 60, 'DELIVERY_MEMORY_LIMIT must be a number of bytes, or of k, m, g or t, was plenty'",
        "1g, most, '-Ddelivery.service.heapPercent must be a number of percent from 0 to 100, was most'",
        "1g, 101, '-Ddelivery.service.heapPercent must be a number of percent from 0 to 100, was 101'",
    })
    void what_is_no_number_is_told(String limit, String percent, String said) {
        assertThatThrownBy(() -> ServiceMemory.of(limit(limit), percent, NODE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(said);
    }

    private static Map<String, String> limit(String text) {
        return Map.of(ServiceMemory.LIMIT, text);
    }
}
