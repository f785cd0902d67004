package io.delivery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/clients.md shows for a client: what is shown there is what is run here. */
public final class DocumentedClient {
    /** Access key of the page, and of the services that its clients are pointed at. */
    public static final String ACCESS_KEY_ID = "local";

    /** Secret that belongs to {@link #ACCESS_KEY_ID}. */
    public static final String SECRET = "local-secret";

    private static final String ADDRESS = "http://127.0.0.1:4573";
    private final String section;

    private DocumentedClient(String section) {
        this.section = section;
    }

    /**
     * @param heading of its section
     */
    public static DocumentedClient of(String heading) throws IOException {
        String page = Files.readString(Path.of("../docs/clients.md"));
        Matcher found =
                Pattern.compile("(?ms)^## " + Pattern.quote(heading) + "$(.*?)(?=^## |\\z)")
                        .matcher(page);
        assertThat(found.find()).as("docs/clients.md has a section %s", heading).isTrue();
        return new DocumentedClient(found.group(1));
    }

    /**
     * The only block of a kind, as it is on the page.
     *
     * @param kind what stands behind its backquotes, for example {@code java}
     */
    public String block(String kind) {
        Matcher found =
                Pattern.compile("(?ms)^```" + Pattern.quote(kind) + "\n(.*?)^```$")
                        .matcher(section);
        assertThat(found.find()).as("a block of %s in %s", kind, section).isTrue();
        String block = found.group(1);
        assertThat(found.find()).as("one block of %s in %s", kind, section).isFalse();
        return block;
    }

    /** The same, pointed at this service. */
    public String block(String kind, URI api) {
        String block = block(kind);
        assertThat(block).contains(ADDRESS, ACCESS_KEY_ID, SECRET);
        return block.replace(ADDRESS, api.toString());
    }
}
