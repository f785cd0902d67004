package io.delivery.loading;

import io.delivery.config.StreamDefinition;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes configurations for people, in the words that {@link ConfigLoader} reads. */
public final class ConfigText {
    /** What YAML reads as itself wherever it stands; the loader wants texts whatever the type. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/+=@-]*");

    /** What single quotes can hold in one line. */
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]*");

    private static final DumpSettings SETTINGS =
            DumpSettings.builder()
                    .setDefaultFlowStyle(FlowStyle.BLOCK)
                    .setSplitLines(false)
                    .setIndicatorIndent(2)
                    .setIndentWithIndicator(true)
                    .build();

    private ConfigText() {}

    /**
     * The settings of a stream in the order of the reference, those that have their default left
     * out; what stands below {@code streams.NAME}.
     *
     * @return sections ({@code Map}), lists and texts, which mean just themselves when they are
     *     read: a <code>${</code> in them is escaped
     */
    public static Map<String, Object> settings(StreamDefinition stream) {
        return StreamDocument.settings(stream);
    }

    /**
     * A file.
     *
     * @param comment lines to begin with
     * @param sections the file's: sections ({@code Map}), lists and texts
     */
    public static String of(List<String> comment, Map<String, ?> sections) {
        StringBuilder text = new StringBuilder();
        for (String line : comment) {
            text.append(("# " + oneLine(line)).stripTrailing()).append('\n');
        }
        return text + new Dump(SETTINGS, new Texts()).dumpToString(sections);
    }

    /** A comment ends where a line does, whatever breaks it. */
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\u0085\u2028\u2029\uFEFF]+", " ");
    }

    /** Writes texts as people would: plain, else in single quotes, else escaped. */
    private static final class Texts extends StandardRepresenter {
        Texts() {
            super(SETTINGS);
        }

        @Override
        protected Node representScalar(Tag tag, String value, ScalarStyle style) {
            if (PLAIN.matcher(value).matches() && !value.equalsIgnoreCase("null")) {
                Tag read = settings.getSchema().getScalarResolver().resolve(value, true);
                return new ScalarNode(read, value, ScalarStyle.PLAIN);
            }
            boolean printable = PRINTABLE.matcher(value).matches();
            return new ScalarNode(
                    Tag.STR,
                    value,
                    printable ? ScalarStyle.SINGLE_QUOTED : ScalarStyle.DOUBLE_QUOTED);
        }
    }
}
