package io.delivery.parquet.file;

import java.util.List;
import java.util.Map;
import org.apache.parquet.Version;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.TypeUtil;

/** What all files of a table have in common, in the form in which the footer has it. Immutable. */
public final class FileTemplate {
    private final List<Column> columns;
    private final FileMetaData footer;
    private final CompressionCodec codec;
    private final ParquetProperties properties;

    /** A column of the file. */
    record Column(ColumnDescriptor descriptor, Type type, List<String> path) {
        Column(ColumnDescriptor descriptor) {
            this(
                    descriptor,
                    FormatNames.of(descriptor.getPrimitiveType().getPrimitiveTypeName()),
                    List.of(descriptor.getPath()));
        }

        PrimitiveType primitiveType() {
            return descriptor.getPrimitiveType();
        }
    }

    /**
     * @param metadata keys and values of the footer
     * @param codec of all pages
     * @param properties how long the texts of indexes and statistics are, and whether pages have
     *     checksums
     */
    public FileTemplate(
            MessageType type,
            Map<String, String> metadata,
            CompressionCodecName codec,
            ParquetProperties properties) {
        TypeUtil.checkValidWriteSchema(type);
        this.columns = type.getColumns().stream().map(Column::new).toList();
        this.codec = CompressionCodec.valueOf(codec.name());
        this.properties = properties;
        this.footer =
                new ParquetMetadataConverter()
                        .toParquetMetadata(
                                ParquetFileWriter.CURRENT_VERSION,
                                new ParquetMetadata(
                                        new org.apache.parquet.hadoop.metadata.FileMetaData(
                                                type, metadata, Version.FULL_VERSION),
                                        List.of()));
    }

    /** How many columns a file has. */
    int columnCount() {
        return columns.size();
    }

    Column column(int number) {
        return columns.get(number);
    }

    CompressionCodec codec() {
        return codec;
    }

    ParquetProperties properties() {
        return properties;
    }

    /** The footer of a file. */
    FileMetaData footer(List<RowGroup> rowGroups) {
        long rows = 0;
        for (RowGroup group : rowGroups) {
            rows += group.getNum_rows();
        }
        FileMetaData made =
                new FileMetaData(footer.getVersion(), footer.getSchema(), rows, rowGroups);
        made.setKey_value_metadata(footer.getKey_value_metadata());
        made.setCreated_by(footer.getCreated_by());
        made.setColumn_orders(footer.getColumn_orders());
        return made;
    }
}
