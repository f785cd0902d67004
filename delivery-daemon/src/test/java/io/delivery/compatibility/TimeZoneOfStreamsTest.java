package io.delivery.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.config.DestinationSettings;
import io.delivery.loading.ConfigLoader;
import io.delivery.wiring.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CustomTimeZone: thousands of streams share one object of the zone that nearly all have. */
class TimeZoneOfStreamsTest {
    @TempDir private Path folder;

    @Test
    void the_default_is_one_object_whether_it_is_written_or_not() throws Exception {
        assertThat(zoneOf(null)).isSameAs(DestinationSettings.DEFAULT_TIMEZONE);
        assertThat(zoneOf("")).isSameAs(DestinationSettings.DEFAULT_TIMEZONE);
        assertThat(zoneOf("UTC")).isSameAs(DestinationSettings.DEFAULT_TIMEZONE);
    }

    @Test
    void another_is_the_one_of_that_name() throws Exception {
        assertThat(zoneOf("Europe/Berlin")).isEqualTo(ZoneId.of("Europe/Berlin"));
    }

    private ZoneId zoneOf(String written) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        stores: {lake: {directory: lake}}
                        buckets: [{match: '*', store: lake}]
                        """);
        NamesOf names = new NamesOf(new ConfigLoader(Map.of(), Programs.OURS).load(file).config());
        ObjectNode destination = SampleStreams.destinationFor(List.of("CustomTimeZone"));
        destination.remove("CustomTimeZone");
        if (written != null) {
            destination.put("CustomTimeZone", written);
        }
        ObjectNode request = ApiCaller.named("sample");
        request.set("ExtendedS3DestinationConfiguration", destination);
        return DefinitionReader.accept(names, "sample", ApiDefinition.of(request))
                .destination()
                .timezone();
    }
}
