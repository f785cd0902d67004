package io.delivery.parquet.columns;

import io.delivery.parquet.file.ColumnChunkPages;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * A column that begins with a dictionary, where it may have one, and leaves it when values do not
 * repeat: when the dictionary is full, or when the first page is no smaller with it. The pages that
 * were written with it keep it.
 */
abstract class DictionaryColumn extends LeafColumn {
    /** Of the dictionary and of the pages that use it, in files with pages of version 1. */
    @SuppressWarnings("deprecation") // for pages of version 2
    private static final Encoding DICTIONARY_OF_VERSION_1 = Encoding.PLAIN_DICTIONARY;

    private static final int KEPT_IDS = GrowingBytes.KEPT / Integer.BYTES;

    private final ColumnSettings settings;
    private final WriterVersion version;
    private final int maxDictionaryBytes;

    /** Whether the column has begun with a dictionary. */
    private final boolean mayReplace;

    private boolean replaces;
    private boolean isFirstPage = true;

    /** Entries of the dictionary. */
    private int known;

    private int[] ids;
    private int idCount;
    private RunLengths encodedIds;

    /** What the written pages need of the dictionary. */
    private int usedEntries;

    /** Made when the first value has no place in a dictionary. */
    private PlainValues plain;

    private long plainBytes;

    DictionaryColumn(
            ColumnDescriptor descriptor,
            ColumnChunkPages pages,
            ColumnSettings settings,
            boolean keepsRange) {
        super(descriptor, pages, settings, keepsRange);
        this.settings = settings;
        version = settings.properties().getWriterVersion();
        maxDictionaryBytes = settings.properties().getDictionaryPageSizeThreshold();
        // Parquet has dictionaries of bytes of one length from pages of version 2 on.
        boolean hasOneLength =
                type().getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
        mayReplace =
                settings.properties().isDictionaryEnabled(descriptor)
                        && !(hasOneLength && version == WriterVersion.PARQUET_1_0);
        replaces = mayReplace;
        ids = new int[mayReplace ? 16 : 0];
    }

    /** Bytes of a dictionary page with the first entries. */
    abstract long entryBytes(int count);

    abstract BytesInput entryPage(int count);

    /** Adds an entry's value to the page that has no dictionary. */
    abstract void addPlain(int id, PlainValues to);

    /** No page needs the dictionary, and none will. */
    abstract void forgetEntries();

    /** Written pages need the first entries; no more will be looked for. */
    abstract void keepEntries(int count);

    final boolean replaces() {
        return replaces;
    }

    /**
     * A value has its place in the dictionary.
     *
     * @param length that it takes without one
     */
    final void replaced(int id, int length) {
        if (idCount == ids.length) {
            ids = Arrays.copyOf(ids, idCount * 2);
        }
        ids[idCount++] = id;
        plainBytes += length;
        if (id == known) {
            known++;
            if (entryBytes(known) > maxDictionaryBytes) {
                leaveDictionary();
            }
        }
    }

    /**
     * A value has no place in a dictionary.
     *
     * @param length that it takes
     */
    final PlainValues plain(int length) {
        plainBytes += length;
        return plain();
    }

    private PlainValues plain() {
        if (plain == null) {
            plain =
                    switch (version) {
                        case PARQUET_1_0 -> new PlainBytes(type());
                        case PARQUET_2_0 ->
                                new EncodedValues(
                                        settings.plain().newValuesWriter(descriptor()), type());
                    };
        }
        return plain;
    }

    final void leaveDictionary() {
        replaces = false;
        PlainValues to = plain();
        for (int i = 0; i < idCount; i++) {
            addPlain(ids[i], to);
        }
        idCount = 0;
        ids = new int[0];
        encodedIds = null;
        if (usedEntries == 0) {
            forgetEntries();
        } else {
            keepEntries(usedEntries);
        }
    }

    @Override
    final long valueBytes() {
        if (mayReplace) {
            return plainBytes;
        }
        return plain == null ? 0 : plain.size();
    }

    @Override
    final BytesInput pageValues() {
        if (!replaces) {
            return plain().content();
        }
        int width = RunLengths.width(Math.max(0, known - 1));
        encodedIds = new RunLengths(width, idCount * width / Byte.SIZE + 64);
        encodedIds.addAll(ids, idCount);
        BytesInput content = encodedIds.content();
        long withDictionary = 1 + content.size() + entryBytes(known);
        if (isFirstPage && withDictionary >= plainBytes) {
            leaveDictionary();
            return plain().content();
        }
        usedEntries = known;
        return BytesInput.concat(BytesInput.from(new byte[] {(byte) width}), content);
    }

    @Override
    final Encoding pageEncoding() {
        if (!replaces) {
            return plain().encoding();
        }
        return switch (version) {
            case PARQUET_1_0 -> DICTIONARY_OF_VERSION_1;
            case PARQUET_2_0 -> Encoding.RLE_DICTIONARY;
        };
    }

    @Override
    final void clearPage() {
        isFirstPage = false;
        plainBytes = 0;
        idCount = 0;
        if (ids.length > KEPT_IDS) {
            ids = new int[KEPT_IDS];
        }
        encodedIds = null;
        if (plain != null) {
            plain.clear();
        }
        clearRange();
    }

    /** Forgets the least and the greatest value of the page, and what was in it. */
    abstract void clearRange();

    @Override
    final DictionaryPage dictionary() {
        if (usedEntries == 0) {
            return null;
        }
        return new DictionaryPage(
                entryPage(usedEntries),
                usedEntries,
                switch (version) {
                    case PARQUET_1_0 -> DICTIONARY_OF_VERSION_1;
                    case PARQUET_2_0 -> Encoding.PLAIN;
                });
    }

    @Override
    final void close() {
        if (plain != null) {
            plain.close();
        }
    }
}
