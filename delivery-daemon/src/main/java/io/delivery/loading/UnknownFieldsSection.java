package io.delivery.loading;

import static io.delivery.loading.Types.TEXT;

import io.delivery.config.Suggestion;
import io.delivery.format.UnknownFieldPolicy;
import java.util.List;
import java.util.Optional;

/** What becomes of fields that the table has no column for: {@code format.unknownFields}. */
final class UnknownFieldsSection {
    static final String DROP = "drop";
    static final String REFUSE = "refuse";

    private static final Field<String> KEEP =
            Field.of("keep", TEXT, "The column that gets them as JSON text, by their paths.")
                    .bounded("a column of type map<string,string> that the table has")
                    .example("extras");

    private static final Section SECTION =
            Section.of(
                    "streams.NAME.format.unknownFields",
                    "`drop`, `refuse` or a column that keeps them; see docs/reference/schema.md.",
                    KEEP);

    static final Field<UnknownFieldPolicy> FIELD =
            Field.of(
                            "unknownFields",
                            new PolicyType(),
                            "What becomes of fields of a record that the table has no column for:"
                                    + " `drop` counts them by name, `refuse` sends the record to"
                                    + " the error output, `{keep: COLUMN}` writes them to a column.")
                    .byDefault(DROP)
                    .example("{keep: extras}");

    private UnknownFieldsSection() {}

    private static final class PolicyType implements ValueType<UnknownFieldPolicy> {
        @Override
        public String words() {
            return "drop, refuse, section";
        }

        @Override
        public List<Section> sections() {
            return List.of(SECTION);
        }

        @Override
        public Optional<UnknownFieldPolicy> read(YamlValue value) {
            if (value.isScalar()) {
                return value.text(words()).flatMap(text -> word(text, value));
            }
            return value.section(SECTION).flatMap(PolicyType::section);
        }

        private static Optional<UnknownFieldPolicy> word(String text, YamlValue value) {
            if (text.equals(DROP)) {
                return Optional.of(new UnknownFieldPolicy.Drop());
            }
            if (text.equals(REFUSE)) {
                return Optional.of(new UnknownFieldPolicy.Refuse());
            }
            if (text.equals(KEEP.name())) {
                return value.problem("keep needs a column: {keep: extras}");
            }
            return value.problem(
                    "must be drop, refuse or {keep: COLUMN}, was "
                            + text
                            + Suggestion.ask(text, List.of(DROP, REFUSE, KEEP.name())));
        }

        private static Optional<UnknownFieldPolicy> section(SectionValues in) {
            String column = in.required(KEEP, "?");
            if (column.isBlank()) {
                in.problem(KEEP, "must name a column of the table, was empty");
            }
            return Optional.of(new UnknownFieldPolicy.Keep(column));
        }
    }
}
