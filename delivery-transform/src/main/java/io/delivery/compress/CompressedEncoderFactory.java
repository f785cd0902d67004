package io.delivery.compress;

import io.delivery.format.EncoderFactory;
import io.delivery.format.MemoryNeededException;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletionStage;

/**
 * Another format, compressed as a whole. The same records make the same bytes with the same
 * libraries. The codec's extension goes behind that of the format inside.
 */
public final class CompressedEncoderFactory implements EncoderFactory {
    private final EncoderFactory inner;
    private final Codec codec;

    /**
     * @param inner what is compressed; not compressed as a whole itself
     * @throws IllegalArgumentException when inner has a content encoding
     */
    public CompressedEncoderFactory(EncoderFactory inner, Codec codec) {
        if (!inner.contentEncoding().isEmpty()) {
            throw new IllegalArgumentException(
                    "cannot compress what is compressed already: " + inner.contentEncoding());
        }
        this.inner = inner;
        this.codec = codec;
    }

    @Override
    public CompletionStage<Void> ready() {
        return inner.ready();
    }

    @Override
    public boolean mayReject() {
        return inner.mayReject();
    }

    @Override
    public RecordEncoder encoder(long memoryBytes) {
        RecordEncoder encoder = inner.encoder(memoryBytes - codec.memoryBytes());
        return new RecordEncoder() {
            @Override
            public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
                    throws IOException {
                compress(encoder, records, out, rejected);
            }

            @Override
            public void staged() {
                encoder.staged();
            }
        };
    }

    private void compress(
            RecordEncoder encoder, RecordSource records, OutputStream out, RejectedRecords rejected)
            throws IOException {
        BlockStream compressed = codec.take();
        try {
            compressed.begin(out);
            encoder.encode(records, compressed, rejected);
            compressed.finish();
        } catch (MemoryNeededException more) {
            throw new MemoryNeededException(more.bytes() + codec.memoryBytes(), more.getMessage());
        } finally {
            codec.giveBack(compressed);
        }
    }

    @Override
    public String extension() {
        return inner.extension() + codec.extension();
    }

    @Override
    public String contentEncoding() {
        return codec.contentEncoding();
    }

    @Override
    public long memoryBytes() {
        return inner.memoryBytes() + codec.memoryBytes();
    }

    @Override
    public long expectedBytes(long inputBytes) {
        return codec.mostBytes(inner.expectedBytes(inputBytes));
    }
}
