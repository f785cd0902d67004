package io.delivery.benchmarks;

import io.delivery.record.RecordBatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Page views of an invented shop as JSON, 443 bytes each on average: 16 fields, of which some are
 * optional, one struct of five and one list of strings, with non-ASCII characters and escapes. The
 * same seed makes the same records. Not thread-safe.
 */
final class Clickstream {
    /** What a Firehose call carries at most. */
    static final int BATCH_RECORDS = 500;

    private static final byte[] HEX = bytes("0123456789abcdef");
    private static final byte[][] EVENTS =
            each(
                    "page_view",
                    "click",
                    "search",
                    "add_to_cart",
                    "login",
                    "remove_from_cart",
                    "checkout",
                    "purchase");
    private static final double[] EVENT_SHARES = {.52, .25, .09, .06, .02, .02, .025, .015};
    private static final byte[][] REGIONS =
            each(
                    "us-east-1",
                    "us-west-2",
                    "eu-west-1",
                    "eu-central-1",
                    "ap-northeast-1",
                    "sa-east-1");
    private static final double[] REGION_SHARES = {.40, .20, .15, .12, .09, .04};
    private static final byte[][] COUNTRIES = each("US", "US", "IE", "DE", "JP", "BR");
    private static final byte[][] CITIES =
            each(
                    "Chicago",
                    "Miami",
                    "San José",
                    "Portland",
                    "Cork",
                    "Galway",
                    "Nürnberg",
                    "Görlitz",
                    "札幌",
                    "名古屋",
                    "Belém",
                    "Maceió");
    private static final byte[][] PAGES =
            each("/", "/catalog", "/basket", "/pay", "/me", "/find", "/contact");
    private static final byte[][] TAGS =
            each(
                    "spring-sale",
                    "returning",
                    "newsletter",
                    "test-b",
                    "お得",
                    "gift",
                    "app",
                    "partner");
    private static final byte[][] BROWSERS =
            each(
                    "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0",
                    "Mozilla/5.0 (Windows NT 10.0) Chrome/127.0",
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6)",
                    "shop-android/8.14 (okhttp 4.12)");
    private static final long FIRST_MILLIS = 1_780_272_000_000L; // 2026-06-01T00:00:00Z
    private static final long DAY_MILLIS = 86_400_000L;

    private final SplittableRandom random;
    private final double[] customers;
    private final double[] events = sums(EVENT_SHARES);
    private final double[] regions = sums(REGION_SHARES);
    private byte[] text = new byte[1024];
    private int length;
    private long millis;

    private Clickstream(long seed, double[] customers) {
        this.random = new SplittableRandom(seed);
        this.customers = customers;
    }

    /**
     * Few customers with many records, many with few: the n-th of them has a share of 1/n<sup>1.05
     * </sup>.
     */
    static Clickstream zipf(long seed, int customers) {
        double[] shares = new double[customers];
        for (int i = 0; i < customers; i++) {
            shares[i] = 1 / Math.pow(i + 1, 1.05);
        }
        return new Clickstream(seed, sums(shares));
    }

    /** Every customer has about as many records as every other. */
    static Clickstream uniform(long seed, int customers) {
        double[] shares = new double[customers];
        Arrays.fill(shares, 1);
        return new Clickstream(seed, sums(shares));
    }

    private static double[] sums(double[] shares) {
        double[] sums = shares.clone();
        for (int i = 1; i < sums.length; i++) {
            sums[i] += sums[i - 1];
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= sums[sums.length - 1];
        }
        return sums;
    }

    /** The next records, as they come out of a decoded request. */
    RecordBatch batch(int records) {
        RecordBatch.Builder builder = new RecordBatch.Builder(records * 480);
        for (int i = 0; i < records; i++) {
            next();
            int at = builder.reserve(length);
            System.arraycopy(text, 0, builder.array(), at, length);
            builder.commit(length);
        }
        return builder.build(System.currentTimeMillis());
    }

    /** The next records of at least so many bytes, as batches of {@value #BATCH_RECORDS}. */
    RecordBatch[] batches(long bytes) {
        RecordBatch[] all = new RecordBatch[16];
        int count = 0;
        for (long sum = 0; sum < bytes; sum += all[count++].recordBytes()) {
            all = count == all.length ? Arrays.copyOf(all, count * 2) : all;
            all[count] = batch(BATCH_RECORDS);
        }
        return Arrays.copyOf(all, count);
    }

    /** The next record, a copy of its own. */
    byte[] record() {
        next();
        return Arrays.copyOf(text, length);
    }

    private void next() {
        length = 0;
        millis += random.nextInt(12);
        int customer = pick(customers);
        int event = pick(events);
        int region = pick(regions);
        identity(customer, event);
        geo(region);
        visit(event);
        put('}');
    }

    private void identity(int customer, int event) {
        put("{\"event_id\":\"");
        hex(random.nextLong(), 8);
        put('-');
        hex(random.nextLong(), 4);
        put("-4");
        hex(random.nextLong(), 3);
        put("-b");
        hex(random.nextLong(), 3);
        put('-');
        hex(random.nextLong(), 12);
        put("\",\"event_type\":\"");
        put(EVENTS[event]);
        put("\",\"ts\":\"");
        time(millis);
        put("\",\"received_ms\":");
        number(FIRST_MILLIS + millis + random.nextInt(400));
        put(",\"customer_id\":\"cust-");
        number(10_000 + customer);
        put("\",\"session_id\":\"");
        hex(customer * 0x9E3779B97F4A7C15L ^ millis / 600_000, 10);
        put('"');
    }

    private void geo(int region) {
        put(",\"geo\":{\"region\":\"");
        put(REGIONS[region]);
        put("\",\"country\":\"");
        put(COUNTRIES[region]);
        put("\",\"city\":\"");
        put(CITIES[region * 2 + random.nextInt(2)]);
        put("\",\"lat\":");
        degrees(90);
        put(",\"lon\":");
        degrees(180);
        put('}');
    }

    private void visit(int event) {
        put(",\"page\":\"");
        put(PAGES[random.nextInt(PAGES.length)]);
        if (random.nextInt(3) == 0) {
            put("?item=");
            number(random.nextInt(20_000));
        }
        put("\",\"status\":");
        number(random.nextInt(50) == 0 ? 500 : 200);
        put(",\"duration_ms\":");
        number(5 + (long) (Math.pow(random.nextDouble(), 6) * 9000));
        put(",\"is_mobile\":");
        put(random.nextBoolean() ? "true" : "false");
        put(",\"tags\":[");
        for (int left = random.nextInt(4); left > 0; left--) {
            put('"');
            put(TAGS[random.nextInt(TAGS.length)]);
            put(left > 1 ? "\"," : "\"");
        }
        put(']');
        if (event == 3 || event >= 6) {
            put(",\"price\":");
            number(1 + random.nextInt(400));
            put('.');
            number(10 + random.nextInt(90));
            put(",\"quantity\":");
            number(1 + random.nextInt(5));
        }
        if (random.nextInt(10) < 3) {
            put(",\"referrer\":");
            if (random.nextInt(4) == 0) {
                put("null");
            } else {
                put("\"https://www.example.org/caf\\u00e9/no\\u00ebl/");
                number(random.nextInt(500));
                put('"');
            }
        }
        put(",\"user_agent\":\"");
        put(BROWSERS[random.nextInt(BROWSERS.length)]);
        put('"');
    }

    private int pick(double[] sums) {
        int found = Arrays.binarySearch(sums, random.nextDouble());
        return found < 0 ? Math.min(-found - 1, sums.length - 1) : found;
    }

    private void degrees(int most) {
        int tenThousandths = random.nextInt(20_000 * most) - 10_000 * most;
        if (tenThousandths < 0) {
            put('-');
        }
        number(Math.abs(tenThousandths) / 10_000);
        put('.');
        digits(Math.abs(tenThousandths) % 10_000, 4);
    }

    /** All in one June. */
    private void time(long at) {
        put("2026-06-");
        digits(at / DAY_MILLIS % 30 + 1, 2);
        put('T');
        digits(at / 3_600_000 % 24, 2);
        put(':');
        digits(at / 60_000 % 60, 2);
        put(':');
        digits(at / 1000 % 60, 2);
        put('.');
        digits(at % 1000, 3);
        put('Z');
    }

    private void number(long value) {
        int count = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            count++;
        }
        digits(value, count);
    }

    private void digits(long value, int count) {
        room(count);
        long rest = value;
        for (int i = length + count - 1; i >= length; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private void hex(long value, int count) {
        room(count);
        for (int i = 0; i < count; i++) {
            text[length++] = HEX[(int) (value >>> 4 * i & 15)];
        }
    }

    private void put(char ascii) {
        room(1);
        text[length++] = (byte) ascii;
    }

    private void put(String ascii) {
        int size = ascii.length();
        room(size);
        for (int i = 0; i < size; i++) {
            text[length++] = (byte) ascii.charAt(i);
        }
    }

    private void put(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, text, length, bytes.length);
        length += bytes.length;
    }

    private void room(int count) {
        if (length + count > text.length) {
            text = Arrays.copyOf(text, text.length * 2);
        }
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[][] each(String... values) {
        return Arrays.stream(values).map(Clickstream::bytes).toArray(byte[][]::new);
    }
}
