package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.parquet.Objects;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ListColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.Writer;
import org.junit.jupiter.api.Test;

/** What a batch keeps in memory after its rows are written. */
class RowBatchTest {
    private final List<VectorizedRowBatch> written = new ArrayList<>();

    /** Writes nothing. */
    private final Writer writer =
            (Writer)
                    Proxy.newProxyInstance(
                            Writer.class.getClassLoader(),
                            new Class<?>[] {Writer.class},
                            (proxy, method, arguments) -> {
                                written.add((VectorizedRowBatch) arguments[0]);
                                return null;
                            });

    private static RowBatch batch(TableSchema table) {
        return new RowBatch(table, OrcTypes.of(table), 10_000);
    }

    /** One row; the column has an array of so many numbers of 38 digits, the others are null. */
    private static RowBuffer decimals(int columns, int column, int elements) {
        RowBuffer rows = new RowBuffer();
        int row = rows.addRow(columns);
        int first = rows.allocate(elements);
        rows.setFirst(row + column, first);
        byte[] one = new byte[16];
        one[15] = 1;
        for (int i = 0; i < elements; i++) {
            rows.setBytes(first + i, one, 0, one.length);
            rows.setNext(first + i, i + 1 < elements ? first + i + 1 : -1);
        }
        return rows;
    }

    @Test
    void vectors_of_many_columns_that_grow_one_after_the_other_are_given_back() throws IOException {
        int width = 100;
        RowBatch batch =
                batch(
                        Objects.table(
                                IntStream.range(0, width)
                                        .mapToObj(i -> "c" + i + " array<decimal(38,0)>")
                                        .toArray(String[]::new)));
        long atFirst = batch.heldBytes();

        for (int column = 0; column < width; column++) {
            batch.write(decimals(width, column, 40_000), writer);
            batch.flush(writer);
            assertThat(batch.heldBytes()).isLessThanOrEqualTo(atFirst + RowBatch.MAX_GROWTH_BYTES);
        }
        assertThat(written).hasSize(width);
    }

    @Test
    void what_grew_a_little_is_kept_for_the_next_batch() throws IOException {
        RowBatch batch = batch(Objects.table("c array<decimal(38,0)>"));
        long atFirst = batch.heldBytes();

        batch.write(decimals(1, 0, 5_000), writer);
        batch.flush(writer);

        assertThat(batch.heldBytes()).isGreaterThan(atFirst);
    }

    @Test
    void the_bytes_of_a_large_record_are_let_go_once_they_are_written() throws IOException {
        RowBatch batch = batch(Objects.table("s string", "l array<string>"));
        RowBuffer rows = new RowBuffer();
        int row = rows.addRow(2);
        byte[] large = new byte[300_000];
        rows.setBytes(row, large, 0, large.length);
        int element = rows.allocate(1);
        rows.setFirst(row + 1, element);
        rows.setBytes(element, large, 0, large.length);

        batch.write(rows, writer);

        VectorizedRowBatch used = written.get(0);
        BytesColumnVector texts = (BytesColumnVector) used.cols[0];
        BytesColumnVector elements = (BytesColumnVector) ((ListColumnVector) used.cols[1]).child;
        assertThat(List.of(texts.vector.length, elements.vector.length)).doesNotContain(0);
        assertThat(Arrays.stream(texts.vector)).containsOnlyNulls();
        assertThat(Arrays.stream(elements.vector)).containsOnlyNulls();
    }
}
