package io.delivery.compress;

import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Hadoop's own reader and writer of Snappy, from a class loader of their own: nothing else may need
 * Hadoop to run.
 */
final class HadoopSnappy {
    /** Its own default: io.compression.codec.snappy.buffersize. */
    private static final int BUFFER_BYTES = 256 * 1024;

    private static final ClassLoader HADOOP = loader();

    private HadoopSnappy() {}

    private static ClassLoader loader() {
        try {
            URL jar = new File(System.getProperty("hadoop.common.jar")).toURI().toURL();
            return new URLClassLoader(new URL[] {jar}, HadoopSnappy.class.getClassLoader());
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What SnappyCodec.createOutputStream makes. */
    static OutputStream writer(OutputStream object) {
        try {
            Class<?> compressor =
                    HADOOP.loadClass("org.apache.hadoop.io.compress.snappy.SnappyCompressor");
            Constructor<?> stream =
                    HADOOP.loadClass("org.apache.hadoop.io.compress.BlockCompressorStream")
                            .getConstructor(
                                    OutputStream.class,
                                    HADOOP.loadClass("org.apache.hadoop.io.compress.Compressor"),
                                    int.class,
                                    int.class);
            return (OutputStream)
                    stream.newInstance(
                            object,
                            compressor.getConstructor(int.class).newInstance(BUFFER_BYTES),
                            BUFFER_BYTES,
                            BUFFER_BYTES / 6 + 32);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What SnappyCodec.createInputStream makes. */
    static InputStream reader(InputStream object) {
        try {
            Class<?> decompressor =
                    HADOOP.loadClass("org.apache.hadoop.io.compress.snappy.SnappyDecompressor");
            Constructor<?> stream =
                    HADOOP.loadClass("org.apache.hadoop.io.compress.BlockDecompressorStream")
                            .getConstructor(
                                    InputStream.class,
                                    HADOOP.loadClass("org.apache.hadoop.io.compress.Decompressor"),
                                    int.class);
            return (InputStream)
                    stream.newInstance(
                            object,
                            decompressor.getConstructor(int.class).newInstance(BUFFER_BYTES),
                            BUFFER_BYTES);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
