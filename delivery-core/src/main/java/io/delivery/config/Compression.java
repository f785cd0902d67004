package io.delivery.config;

/**
 * Compression of a raw object as a whole: CompressionFormat.
 *
 * @param level how much work is done for small objects; 0 of a codec that has no levels
 */
public record Compression(Codec codec, int level) {
    public static final Compression NONE = of(Codec.NONE);
    public static final Compression GZIP = of(Codec.GZIP);
    public static final Compression ZIP = of(Codec.ZIP);
    public static final Compression SNAPPY = of(Codec.SNAPPY);
    public static final Compression HADOOP_SNAPPY = of(Codec.HADOOP_SNAPPY);
    public static final Compression ZSTD = of(Codec.ZSTD);

    /** A way to compress. */
    public enum Codec {
        NONE("none", 0, 0),
        GZIP("gzip", 9, 6),
        ZIP("zip", 9, 6),
        /** The stream format of snappy-java. */
        SNAPPY("snappy", 0, 0),
        /** The blocks of Hadoop's SnappyCodec. */
        HADOOP_SNAPPY("hadoopSnappy", 0, 0),
        /** Not in the API. Level 20 and beyond take hundreds of megabytes of each encoder. */
        ZSTD("zstd", 19, 3);

        private final String word;
        private final int mostLevel;
        private final int defaultLevel;

        Codec(String word, int mostLevel, int defaultLevel) {
            this.word = word;
            this.mostLevel = mostLevel;
            this.defaultLevel = defaultLevel;
        }

        /** What a configuration calls it. */
        public String word() {
            return word;
        }

        /** From 1 on; 0: it has no levels. */
        public int mostLevel() {
            return mostLevel;
        }

        /** When nothing is said: what the codec's own tool takes; 0 without levels. */
        public int defaultLevel() {
            return defaultLevel;
        }

        public boolean hasLevels() {
            return mostLevel > 0;
        }
    }

    /** With the level that the codec has when nothing is said. */
    public static Compression of(Codec codec) {
        return new Compression(codec, codec.defaultLevel());
    }

    /**
     * Reports a level that the codec does not have.
     *
     * @param path of the compression
     */
    void validate(String path, ConfigProblems problems) {
        if (codec.hasLevels() && (level < 1 || level > codec.mostLevel())) {
            problems.add(
                    "%s.%s.level".formatted(path, codec.word()),
                    "must be between 1 and %d, was %d".formatted(codec.mostLevel(), level));
        }
    }
}
