package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.testkit.orc.OrcContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ListColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.MapColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.StructColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcConf;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.impl.PhysicalFsWriter;
import org.apache.orc.impl.WriterImpl;
import org.apache.orc.impl.writer.WriterEncryptionVariant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ORC's writer with our dictionaries and with its own. */
class OwnDictionariesTest {
    private static final int TEXTS = 7;

    private static final TypeDescription TYPE =
            TypeDescription.fromString(
                    "struct<s:string,c:char(6),v:varchar(5),l:array<string>,"
                            + "m:map<string,string>,t:struct<i:int,s:string>>");

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.3, 0.8, 1})
    void files_are_those_of_orc_s_own_dictionary_to_the_last_byte(double threshold)
            throws Exception {
        byte[] own = write(threshold, writer -> {});

        byte[] ours = write(threshold, writer -> OwnDictionaries.give(writer, TEXTS));

        assertThat(ours).isEqualTo(own);
        try (OrcContent content = OrcContent.of(own)) {
            assertThat(content.stripes()).hasSizeGreaterThan(1);
            assertThat(content.streams("s").contains("DICTIONARY_DATA")).isEqualTo(threshold > 0.5);
        }
    }

    @Test
    void a_writer_whose_texts_are_not_all_found_is_refused() {
        assertThatThrownBy(() -> write(0.8, writer -> OwnDictionaries.give(writer, TEXTS + 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("another version of orc-core: 7 dictionaries of 8");
    }

    /** Rows of which about half have another text than all before. */
    private static byte[] write(double threshold, Consumer<WriterImpl> prepared)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Configuration configuration = new Configuration(false);
        OrcConf.DICTIONARY_KEY_SIZE_THRESHOLD.setDouble(configuration, threshold);
        OrcConf.ROWS_BETWEEN_CHECKS.setLong(configuration, 1);
        OrcFile.WriterOptions options =
                OrcFile.writerOptions(configuration)
                        .setSchema(TYPE)
                        .memory(OwnMemory.EACH_FILE)
                        .compress(CompressionKind.ZLIB)
                        .rowIndexStride(1000)
                        .stripeSize(1_500_000);
        options.physicalWriter(
                new PhysicalFsWriter(
                        new FSDataOutputStream(out, null),
                        options,
                        new WriterEncryptionVariant[0]));
        WriterImpl writer = new WriterImpl(null, new Path("object"), options);
        prepared.accept(writer);
        Random random = new Random(3);
        VectorizedRowBatch batch = TYPE.createRowBatch(500);
        for (int i = 0; i < 100; i++) {
            fill(batch, random);
            writer.addRowBatch(batch);
        }
        writer.close();
        return out.toByteArray();
    }

    private static void fill(VectorizedRowBatch batch, Random random) {
        batch.reset();
        ListColumnVector list = (ListColumnVector) batch.cols[3];
        MapColumnVector map = (MapColumnVector) batch.cols[4];
        BytesColumnVector within =
                (BytesColumnVector) ((StructColumnVector) batch.cols[5]).fields[1];
        for (int row = 0; row < batch.getMaxSize(); row++) {
            for (int column = 0; column < 3; column++) {
                put((BytesColumnVector) batch.cols[column], row, random);
            }
            put(within, row, random);
            list.offsets[row] = row;
            list.lengths[row] = 1;
            put((BytesColumnVector) list.child, row, random);
            map.offsets[row] = row;
            map.lengths[row] = 1;
            put((BytesColumnVector) map.keys, row, random);
            put((BytesColumnVector) map.values, row, random);
        }
        list.childCount = batch.getMaxSize();
        map.childCount = batch.getMaxSize();
        batch.size = batch.getMaxSize();
    }

    private static void put(BytesColumnVector vector, int row, Random random) {
        if (random.nextInt(20) == 0) {
            vector.isNull[row] = true;
            vector.noNulls = false;
            return;
        }
        int number = random.nextBoolean() ? random.nextInt(300) : random.nextInt();
        vector.setVal(row, ("é" + number).getBytes(StandardCharsets.UTF_8));
    }
}
