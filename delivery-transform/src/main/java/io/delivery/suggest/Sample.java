package io.delivery.suggest;

import io.delivery.record.DeliveryRecord;

/**
 * One record to learn from: its bytes are those that a producer would put.
 *
 * @param place what people call it, for example {@code line 12}
 * @param bytes not copied: nobody changes them
 * @param arrivalMillis when it came, in milliseconds since 1970; some timestamp formats need a year
 */
public record Sample(String place, byte[] bytes, long arrivalMillis) {
    /** The sample as a record of a stream. */
    DeliveryRecord asRecord() {
        return new DeliveryRecord().at(bytes, 0, bytes.length, arrivalMillis);
    }

    /** Takes samples, in their order. */
    public interface Taker {
        /** One that could be read; it may still be no JSON. */
        void sample(Sample sample);

        /**
         * Something where a sample should be cannot be one.
         *
         * @param place as that of a sample
         * @param reason one sentence
         */
        void unreadable(String place, String reason);
    }
}
