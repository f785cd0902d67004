package io.delivery.loading;

import static io.delivery.loading.Types.FLAG;

import io.delivery.config.ByteSize;
import io.delivery.config.ColumnarSettings.Parquet;
import io.delivery.config.ColumnarSettings.ParquetCompression;
import io.delivery.config.ColumnarSettings.ParquetVersion;
import io.delivery.config.ColumnarSettings.Timestamps;

/** How Parquet files are written: {@code format.parquet} of a stream. */
final class ParquetSection {
    private static final Field<ParquetCompression> COMPRESSION =
            Field.of("compression", Types.oneOf(ParquetCompression.class), "Compression of pages.")
                    .byDefault(Types.word(Parquet.DEFAULT_COMPRESSION))
                    .example("zstd")
                    .api("ParquetSerDe.Compression");
    private static final Field<Timestamps> TIMESTAMPS =
            Field.of(
                            "timestamps",
                            Types.oneOf(Timestamps.class),
                            "Physical type of timestamps; int64 is TIMESTAMP(MICROS, UTC).")
                    .byDefault(Types.word(Parquet.DEFAULT_TIMESTAMPS));
    private static final Field<Boolean> DICTIONARY =
            Field.of("dictionary", FLAG, "Whether columns are dictionary-encoded.")
                    .byDefault("the writer decides by the data")
                    .api("ParquetSerDe.EnableDictionaryCompression");
    private static final Field<Long> BLOCK_SIZE =
            Field.of(
                            "blockSize",
                            Types.size("MB", 1, Integer.MAX_VALUE),
                            "Most memory that a row group takes while it is written, and the"
                                    + " blocks that maxPadding begins it at. The encoder's own"
                                    + " bound of 16MB comes first.")
                    .byDefault(ByteSize.setting(Parquet.DEFAULT_BLOCK_SIZE_BYTES))
                    .bounded("64MB to less than 2GB")
                    .example("128MB")
                    .api("ParquetSerDe.BlockSizeBytes");
    private static final Field<Long> PAGE_SIZE =
            Field.of(
                            "pageSize",
                            Types.size("KB", 1, Integer.MAX_VALUE),
                            "Size of a page, before compression. More than 4MB counts as 4MB,"
                                    + " a quarter of a row group.")
                    .byDefault(ByteSize.setting(Parquet.DEFAULT_PAGE_SIZE_BYTES))
                    .bounded("64KB to less than 2GB")
                    .example("512KB")
                    .api("ParquetSerDe.PageSizeBytes");

    private static final Field<Long> MAX_PADDING =
            Field.of(
                            "maxPadding",
                            Types.size("MB", 0, Integer.MAX_VALUE),
                            "Zeros that may stand before a row group so that it begins a block of"
                                    + " blockSize: for files that are copied to HDFS. In an object"
                                    + " store they only take room.")
                    .byDefault(ByteSize.setting(Parquet.DEFAULT_MAX_PADDING_BYTES))
                    .bounded("less than blockSize")
                    .example("8MB")
                    .api("ParquetSerDe.MaxPaddingBytes");
    private static final Field<ParquetVersion> WRITER_VERSION =
            Field.of(
                            "writerVersion",
                            Types.oneOf(ParquetVersion.class),
                            "Format of the pages. v2 has smaller pages for numbers that are near"
                                    + " each other and for texts with the same beginning; some old"
                                    + " readers cannot read it.")
                    .byDefault(Types.word(Parquet.DEFAULT_WRITER_VERSION))
                    .example("v2")
                    .api("ParquetSerDe.WriterVersion");

    static final Field<Parquet> FIELD =
            Field.of(
                            "parquet",
                            Types.section(
                                    Section.of(
                                            "streams.NAME.format.parquet",
                                            "JSON to Parquet.",
                                            COMPRESSION,
                                            TIMESTAMPS,
                                            DICTIONARY,
                                            BLOCK_SIZE,
                                            PAGE_SIZE,
                                            MAX_PADDING,
                                            WRITER_VERSION),
                                    ParquetSection::parquet),
                            "JSON to Parquet by a schema.")
                    .byDefault("one of raw, parquet, orc")
                    .api("ParquetSerDe");

    private ParquetSection() {}

    private static Parquet parquet(SectionValues in) {
        return new Parquet(
                in.get(COMPRESSION).orElse(Parquet.DEFAULT_COMPRESSION),
                in.get(TIMESTAMPS).orElse(Parquet.DEFAULT_TIMESTAMPS),
                in.get(DICTIONARY),
                in.get(BLOCK_SIZE).orElse(Parquet.DEFAULT_BLOCK_SIZE_BYTES),
                in.get(PAGE_SIZE).orElse((long) Parquet.DEFAULT_PAGE_SIZE_BYTES).intValue(),
                in.get(MAX_PADDING).orElse(Parquet.DEFAULT_MAX_PADDING_BYTES),
                in.get(WRITER_VERSION).orElse(Parquet.DEFAULT_WRITER_VERSION));
    }
}
