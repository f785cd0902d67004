package io.delivery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.log.Log;
import io.delivery.log.LogReader;
import io.delivery.testkit.contract.LogWithHolesContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryLogTest extends LogWithHolesContract {
    private final MemoryLog log = new MemoryLog();
    private final Map<String, long[]> batches = new HashMap<>();
    private MemoryLog.Transaction transaction;

    @Override
    protected Log log() {
        return log;
    }

    private static byte[][] bytes(String... records) {
        return Arrays.stream(records)
                .map(record -> record.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    @Override
    protected void append(String... records) {
        long first = log.append(ARRIVAL, bytes(records));
        batches.put(records[0], new long[] {first, first + records.length});
    }

    @Override
    protected void restart() {
        log.readersAreGone();
    }

    @Override
    protected void lose(String record) {
        long[] batch = batches.get(record);
        log.lose(batch[0], batch[1]);
    }

    @Override
    protected void failNextRead() {
        log.failReads(1);
    }

    @Override
    protected void mark() {
        log.mark();
    }

    @Override
    protected void withdraw(long sequence) {
        log.withdraw(sequence);
    }

    @Override
    protected void beginTransaction(String... records) {
        transaction = log.begin(ARRIVAL, bytes(records));
    }

    @Override
    protected void commitTransaction() {
        transaction.commit();
    }

    @Override
    protected void abortTransaction() {
        transaction.abort();
    }

    @Test
    void what_expired_although_somebody_wants_it_is_lost() throws IOException {
        append("a", "b");
        append("c");
        log.expire(1);

        assertThat(log.begin()).isEqualTo(1);
        assertThat(told(0)).containsExactly("0 lost", "1=b", "2=c");
    }

    @Test
    void a_batch_is_not_what_it_was_once_the_next_one_is_asked_for() throws IOException {
        append("a");
        append("b");

        try (LogReader reader = log.read(0)) {
            LogReader.Records first = (LogReader.Records) reader.next();
            reader.next();

            assertThat(first.batch().array()).containsOnly('?');
        }
    }

    @Test
    void a_transaction_is_decided_once() {
        beginTransaction("a");
        transaction.abort();

        assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nobody_of_an_earlier_process_hears_of_it() {
        int[] heard = {0};
        log.onDurable(() -> heard[0]++);
        append("a");

        restart();
        append("b");

        assertThat(heard[0]).isEqualTo(1);
    }
}
