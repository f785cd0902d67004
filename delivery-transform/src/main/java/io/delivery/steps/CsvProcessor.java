package io.delivery.steps;

import io.delivery.config.ProcessorSettings;
import io.delivery.processing.Outcome;
import io.delivery.processing.RecordProcessor;
import io.delivery.record.SequencedRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Each record is one row of comma separated values in UTF-8 ({@link CsvReader}), a byte order mark
 * before it or not. It becomes a JSON object with a member for each column, in their order; every
 * value is a string, that of an empty field an empty one.
 *
 * <p>Without columns in the settings each record has two rows, of which the first has their names.
 *
 * <p>A record in which there is nothing, or only a byte order mark, is dropped.
 *
 * <p>A record fails with code {@code Processing.CsvFailed} when it has a row too few or too many,
 * more or fewer fields than columns, two columns of one name, or is no CSV in UTF-8.
 */
public final class CsvProcessor extends RecordProcessor {
    private static final String CODE = "Processing.CsvFailed";
    private static final Outcome DROPPED = new Outcome.Dropped();
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final ProcessorSettings.Csv settings;

    /** The header that was seen last and has no name twice: often the next record has it, too. */
    private List<String> header = List.of();

    /**
     * @param settings without problems
     */
    public CsvProcessor(ProcessorSettings.Csv settings) {
        this.settings = settings;
    }

    @Override
    protected Outcome outcome(SequencedRecord record) {
        try {
            String text = text(record);
            return text.isEmpty() ? DROPPED : ok(json(text).getBytes(StandardCharsets.UTF_8));
        } catch (CharacterCodingException notUtf8) {
            return failed(CODE, "the record is not in UTF-8");
        } catch (CsvReader.NotCsvException notCsv) {
            return failed(CODE, notCsv.getMessage());
        }
    }

    private static String text(SequencedRecord record) throws CharacterCodingException {
        String text =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(record.array(), record.offset(), record.length()))
                        .toString();
        boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        return marked ? text.substring(1) : text;
    }

    private String json(String text) throws CsvReader.NotCsvException {
        CsvReader reader = new CsvReader(text, settings.delimiter(), settings.quote());
        List<String> columns = settings.columns();
        if (columns.isEmpty()) {
            columns = header(reader.row());
            require(reader.hasRow(), "the record has no row behind its header");
        }
        List<String> row = reader.row();
        require(!reader.hasRow(), "the record has more than one row");
        if (row.size() != columns.size()) {
            throw new CsvReader.NotCsvException(
                    "the row has %d fields, and there are %d columns"
                            .formatted(row.size(), columns.size()));
        }
        StringBuilder json = new StringBuilder(2 * text.length() + 16);
        for (int i = 0; i < row.size(); i++) {
            json.append(i == 0 ? '{' : ',');
            JsonStrings.append(json, columns.get(i));
            json.append(':');
            JsonStrings.append(json, row.get(i));
        }
        return json.append('}').toString();
    }

    private List<String> header(List<String> names) throws CsvReader.NotCsvException {
        if (!names.equals(header)) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < names.size(); i++) {
                if (!seen.add(names.get(i))) {
                    throw new CsvReader.NotCsvException(
                            "the name of column %d is there twice".formatted(i + 1));
                }
            }
            header = names;
        }
        return header;
    }

    private static void require(boolean right, String otherwise) throws CsvReader.NotCsvException {
        if (!right) {
            throw new CsvReader.NotCsvException(otherwise);
        }
    }
}
