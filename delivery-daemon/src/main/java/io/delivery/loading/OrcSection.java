package io.delivery.loading;

import static io.delivery.loading.Types.FLAG;
import static io.delivery.loading.Types.FRACTION;
import static io.delivery.loading.Types.NUMBER;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.ByteSize;
import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.config.ColumnarSettings.Padding;
import io.delivery.config.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How ORC files are written: {@code format.orc} of a stream. */
final class OrcSection {
    private static final Field<OrcCompression> COMPRESSION =
            Field.of("compression", Types.oneOf(OrcCompression.class), "Compression of streams.")
                    .byDefault(Types.word(Orc.DEFAULT_COMPRESSION))
                    .example("zstd")
                    .api("OrcSerDe.Compression");
    private static final Field<Long> STRIPE_SIZE =
            Field.of(
                            "stripeSize",
                            Types.size("MB", 1, Integer.MAX_VALUE),
                            "Most memory that a stripe takes while it is written. The encoder's own"
                                    + " bound of 32MB comes first.")
                    .byDefault(ByteSize.setting(Orc.DEFAULT_STRIPE_SIZE_BYTES))
                    .bounded("8MB to less than 2GB")
                    .example("16MB")
                    .api("OrcSerDe.StripeSizeBytes");
    private static final Field<Integer> ROW_INDEX_STRIDE =
            Field.of("rowIndexStride", NUMBER, "Rows between two entries of the row index.")
                    .byDefault(String.valueOf(Orc.DEFAULT_ROW_INDEX_STRIDE))
                    .bounded("1000 to 1000000")
                    .example("20000")
                    .api("OrcSerDe.RowIndexStride");
    private static final Field<Boolean> PADDING =
            Field.of(
                            "padding",
                            FLAG,
                            "Whether zeros are written before a stripe that would cross a multiple"
                                    + " of blockSize; for files that move to HDFS.")
                    .byDefault("false")
                    .api("OrcSerDe.EnablePadding");
    private static final Field<Long> BLOCK_SIZE =
            Field.of(
                            "blockSize",
                            Types.size("MB", 1, Integer.MAX_VALUE),
                            "Blocks that padding keeps stripes within. Needs padding: true.")
                    .byDefault(ByteSize.setting(Padding.DEFAULT_BLOCK_SIZE_BYTES))
                    .bounded("64MB to less than 2GB")
                    .example("128MB")
                    .api("OrcSerDe.BlockSizeBytes");
    private static final Field<Double> PADDING_TOLERANCE =
            Field.of(
                            "paddingTolerance",
                            FRACTION,
                            "Most zeros before a stripe, as a share of stripeSize. Needs padding:"
                                    + " true.")
                    .byDefault(String.valueOf(Padding.DEFAULT_TOLERANCE))
                    .bounded("0 to 1")
                    .api("OrcSerDe.PaddingTolerance");
    private static final Field<List<String>> BLOOM_FILTER_COLUMNS =
            Field.of(
                            "bloomFilterColumns",
                            Types.listOf(TEXT),
                            "Columns of the table that get Bloom filters; a struct, array or map"
                                    + " gets them for everything within it. All filters together get"
                                    + " 16MB of an object's memory; columns whose filters do not"
                                    + " fit get none, and the log says so.")
                    .byDefault("none")
                    .example("[customer_id]")
                    .api("OrcSerDe.BloomFilterColumns");
    private static final Field<Double> FALSE_POSITIVES =
            Field.of(
                            "bloomFilterFalsePositiveProbability",
                            FRACTION,
                            "How often a Bloom filter misses that a value is not there. Needs"
                                    + " bloomFilterColumns.")
                    .byDefault(String.valueOf(BloomFilters.DEFAULT_FALSE_POSITIVE_PROBABILITY))
                    .bounded("0.00001 or more, below 1")
                    .api("OrcSerDe.BloomFilterFalsePositiveProbability");
    private static final Field<Double> DICTIONARY_KEY_THRESHOLD =
            Field.of(
                            "dictionaryKeyThreshold",
                            FRACTION,
                            "When a column of texts has a dictionary. 0: never; 1: always; between:"
                                    + " when no more than this share of its values in the first"
                                    + " rowIndexStride rows is distinct. A table with more than 128"
                                    + " texts, nested ones included, has none.")
                    .byDefault("0; 1 with formatVersion V0_11")
                    .bounded("0 to 1")
                    .example("0.8")
                    .api("OrcSerDe.DictionaryKeyThreshold");
    private static final Field<OrcVersion> FORMAT_VERSION =
            Field.of(
                            "formatVersion",
                            apiWord(),
                            "Oldest release of Hive that reads the files. A table with more than 128"
                                    + " texts, nested ones included, needs V0_12.")
                    .byDefault(Orc.DEFAULT_FORMAT_VERSION.name())
                    .api("OrcSerDe.FormatVersion");

    static final Field<Orc> FIELD =
            Field.of(
                            "orc",
                            Types.section(
                                    Section.of(
                                            "streams.NAME.format.orc",
                                            "JSON to ORC.",
                                            COMPRESSION,
                                            STRIPE_SIZE,
                                            ROW_INDEX_STRIDE,
                                            PADDING,
                                            BLOCK_SIZE,
                                            PADDING_TOLERANCE,
                                            BLOOM_FILTER_COLUMNS,
                                            FALSE_POSITIVES,
                                            DICTIONARY_KEY_THRESHOLD,
                                            FORMAT_VERSION),
                                    OrcSection::orc),
                            "JSON to ORC by a schema.")
                    .byDefault("one of raw, parquet, orc")
                    .api("OrcSerDe");

    private OrcSection() {}

    /** The API's own words: they are names of a release, which no other spelling makes clearer. */
    private static ValueType<OrcVersion> apiWord() {
        List<String> names = Arrays.stream(OrcVersion.values()).map(Enum::name).toList();
        String words = names.stream().collect(Collectors.joining(", "));
        return Types.scalar(
                words,
                "one of " + words,
                text -> {
                    if (!names.contains(text)) {
                        throw new InvalidSettingException(
                                "must be one of %s, was %s".formatted(words, text)
                                        + Suggestion.ask(text, names));
                    }
                    return OrcVersion.valueOf(text);
                });
    }

    private static Orc orc(SectionValues in) {
        OrcVersion version = in.get(FORMAT_VERSION).orElse(Orc.DEFAULT_FORMAT_VERSION);
        return new Orc(
                in.get(COMPRESSION).orElse(Orc.DEFAULT_COMPRESSION),
                in.get(STRIPE_SIZE).orElse(Orc.DEFAULT_STRIPE_SIZE_BYTES),
                in.get(ROW_INDEX_STRIDE).orElse(Orc.DEFAULT_ROW_INDEX_STRIDE),
                padding(in),
                bloomFilters(in),
                in.get(DICTIONARY_KEY_THRESHOLD).orElse(Orc.defaultThreshold(version)),
                version);
    }

    private static Optional<Padding> padding(SectionValues in) {
        if (in.get(PADDING).orElse(false)) {
            return Optional.of(
                    new Padding(
                            in.get(BLOCK_SIZE).orElse(Padding.DEFAULT_BLOCK_SIZE_BYTES),
                            in.get(PADDING_TOLERANCE).orElse(Padding.DEFAULT_TOLERANCE)));
        }
        for (Field<?> field : List.of(BLOCK_SIZE, PADDING_TOLERANCE)) {
            if (in.has(field)) {
                in.problem(field, "does nothing without padding: true");
            }
        }
        return Optional.empty();
    }

    private static Optional<BloomFilters> bloomFilters(SectionValues in) {
        List<String> columns = in.get(BLOOM_FILTER_COLUMNS).orElse(List.of());
        if (!columns.isEmpty()) {
            return Optional.of(
                    new BloomFilters(
                            columns,
                            in.get(FALSE_POSITIVES)
                                    .orElse(BloomFilters.DEFAULT_FALSE_POSITIVE_PROBABILITY)));
        }
        if (in.has(FALSE_POSITIVES)) {
            in.problem(FALSE_POSITIVES, "does nothing without bloomFilterColumns");
        }
        return Optional.empty();
    }
}
