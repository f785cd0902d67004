package io.delivery.wiring;

import io.delivery.catalog.KeyMappings;
import io.delivery.config.ByteSize;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.ConfigProblems;
import io.delivery.config.ConfigProblems.Problem;
import io.delivery.config.FormatSettings;
import io.delivery.config.Limits;
import io.delivery.config.MemoryDivision;
import io.delivery.config.Suggestion;
import io.delivery.format.FileSizes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.orc.OrcFormat;
import io.delivery.record.Amount;
import java.util.List;
import java.util.Optional;

/** Settings of a stream that go with other tables and not with the one that it converts to. */
final class TableFit {
    private final String format;
    private final TableSchema table;
    private final ConfigProblems found = new ConfigProblems();

    private TableFit(String format, TableSchema table) {
        this.format = format;
        this.table = table;
    }

    /**
     * Each of them, in no particular order.
     *
     * @param stream path of the stream
     */
    static List<Problem> problems(
            String stream, FormatSettings.Converted converted, TableSchema table) {
        TableFit fit = new TableFit(stream + ".format.", table);
        if (converted.decoder().unknownFields() instanceof UnknownFieldPolicy.Keep keep) {
            keep.problem(table)
                    .ifPresent(
                            problem -> fit.found.add(fit.format + "unknownFields.keep", problem));
        }
        if (converted.decoder().serde().orElse(null) instanceof JsonSerDe.OpenX openX) {
            fit.addMappings(openX);
        }
        return converted.file().choose(parquet -> fit.found.all(), fit::withOrc);
    }

    /**
     * Why no encoder can have the memory that files of the table take; empty when one can.
     *
     * @param stream path of the stream
     * @param heapBytes the most this JVM will use for its heap
     */
    static Optional<Problem> tooWide(
            String stream,
            FormatSettings.Converted converted,
            TableSchema table,
            Limits limits,
            long heapBytes) {
        long needed = sizes(converted, table).memoryBytes();
        long most = MemoryDivision.largestEncoder(limits.memoryBytes(), heapBytes);
        if (needed <= most) {
            return Optional.empty();
        }
        ConfigProblems found = new ConfigProblems();
        found.add(
                stream + ".format.schema.table",
                "must name a table that an encoder has memory for, was %s with %s: it takes %s, and one encoder can have %s of the heap of %s with limits.memory %s; start Java with a larger -Xmx, or lower limits.memory"
                        .formatted(
                                table.qualifiedName(),
                                Amount.of(table.columns().size(), "column"),
                                ByteSize.text(needed),
                                ByteSize.text(most),
                                ByteSize.text(heapBytes),
                                ByteSize.setting(limits.memoryBytes())));
        return Optional.of(found.all().get(0));
    }

    /** What files of the table take. */
    static FileSizes sizes(FormatSettings.Converted converted, TableSchema table) {
        return ComponentRegistry.rows(converted.file()).sizes(table, converted.decoder());
    }

    private void addMappings(JsonSerDe.OpenX openX) {
        for (String problem : KeyMappings.problems(openX, table)) {
            found.add(
                    format + "serde.openx.columnToJsonKeyMappings",
                    "must fit %s: %s".formatted(table.qualifiedName(), problem));
        }
    }

    private List<Problem> withOrc(ColumnarSettings.Orc orc) {
        List<String> names = table.columns().stream().map(TableSchema.Column::name).toList();
        for (String wanted : orc.bloomFilters().map(BloomFilters::columns).orElse(List.of())) {
            if (names.stream().noneMatch(wanted::equalsIgnoreCase)) {
                found.add(
                        format + "orc.bloomFilterColumns",
                        "must name columns of %s, was %s%s"
                                .formatted(
                                        table.qualifiedName(),
                                        wanted,
                                        Suggestion.ask(wanted, names)));
            }
        }
        new OrcFormat(orc)
                .misfit(table)
                .ifPresent(problem -> found.add(format + "orc.formatVersion", problem));
        return found.all();
    }
}
