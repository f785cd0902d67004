package io.delivery.junit;

import io.delivery.junit.child.Answers;
import io.delivery.junit.child.ChildFailedException;
import io.delivery.junit.child.ChildProcess;
import java.io.IOException;

/** The child processes of this JVM: each is started when it is first needed. */
final class Children {
    private static final String PROGRAM = "io.delivery.junit.program.ProgramAnswers";
    private static final String S3PROXY = "io.delivery.junit.s3proxy.S3ProxyAnswers";

    /** Several services at a time, each with some 100 MB at the most. */
    private static final String PROGRAM_HEAP = "1g";

    private static final String S3PROXY_HEAP = "512m";

    private static ChildProcess program;
    private static ChildProcess s3Proxy;

    private Children() {}

    /** Another one when the one before has ended, for instance of too little memory. */
    static synchronized ChildProcess program() throws IOException, ChildFailedException {
        requireSystem(System.getProperty("os.name"));
        if (program == null || !program.isAlive()) {
            program = ChildProcess.start("program", PROGRAM, Answers.class, PROGRAM_HEAP);
        }
        return program;
    }

    /**
     * The service makes directories durable by syncing them, which Windows refuses.
     *
     * @param name of the operating system
     */
    static void requireSystem(String name) {
        if (name.startsWith("Windows")) {
            throw new IllegalStateException(
                    "it needs Linux or macOS, and this is %s: tests that need it run in WSL"
                            .formatted(name));
        }
    }

    static synchronized ChildProcess s3Proxy() throws IOException, ChildFailedException {
        if (s3Proxy == null || !s3Proxy.isAlive()) {
            s3Proxy = ChildProcess.start("s3proxy", S3PROXY, s3ProxyClass(), S3PROXY_HEAP);
        }
        return s3Proxy;
    }

    /**
     * It only tells which jar it is in; what it needs is in that jar and not on this class path.
     */
    private static Class<?> s3ProxyClass() {
        try {
            return Class.forName(S3PROXY, false, Children.class.getClassLoader());
        } catch (ClassNotFoundException absent) {
            throw new IllegalStateException(
                    "S3Proxy needs io.delivery:delivery-junit-s3proxy among the dependencies of the"
                            + " tests, and it is not there",
                    absent);
        }
    }
}
