package io.delivery.junit.child;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The JVM that {@link ChildProcess} starts. Its standard input begins with a line that is its
 * secret; when the input ends, whoever started it has ended, and so does it. Its standard output is
 * one line, which is its port. A connection is one question: the secret, the command, its
 * arguments; then one answer.
 */
public final class Child {
    static final String DONE = "done";
    static final String FAILED = "failed";

    /** Bytes of the secret as text. */
    static final int SECRET_LENGTH = 32;

    private static final int BACKLOG = 200;

    /** Milliseconds that a stranger who says nothing holds a thread. */
    private static final int HEAD_MILLIS = 10_000;

    private final byte[] secret;
    private final Answers answers;

    private Child(String secret, Answers answers) {
        this.secret = secret.getBytes(US_ASCII);
        this.answers = answers;
    }

    /**
     * @param arguments the class of the {@link Answers}, and the directory that is removed at the
     *     end
     */
    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        String secret = in.readLine();
        PrintStream out = System.out;
        System.setOut(System.err); // what libraries print is no port, and a pipe is soon full
        Answers answers =
                (Answers) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
        ServerSocket port = new ServerSocket(0, BACKLOG, here());
        out.println(port.getLocalPort());
        out.flush();
        Thread ender = new Thread(() -> endWith(in, Path.of(arguments[1])), "ender");
        ender.start();
        Child child = new Child(secret, answers);
        while (true) {
            Socket connection = port.accept();
            Thread thread = new Thread(() -> child.serve(connection), "question");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The same address in both processes, whatever options prefer. */
    static InetAddress here() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** Nothing that this process holds is needed any more when the tests are over. */
    private static void endWith(BufferedReader in, Path directory) {
        try {
            while (in.read() >= 0) {
                // Nobody says anything more.
            }
        } catch (IOException gone) {
            // As at its end.
        }
        Folders.remove(directory);
        Runtime.getRuntime().halt(0);
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(HEAD_MILLIS);
            DataInputStream in =
                    new DataInputStream(new BufferedInputStream(connection.getInputStream()));
            if (!MessageDigest.isEqual(in.readNBytes(SECRET_LENGTH), secret)) {
                return;
            }
            List<?> question = (List<?>) Wire.read(in);
            DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()));
            Wire.write(out, answer(question));
            out.flush();
        } catch (IOException | ClassCastException broken) {
            // Whoever asked has ended, or is somebody else.
        }
    }

    private List<Object> answer(List<?> question) {
        Map<String, Object> arguments = new HashMap<>();
        ((Map<?, ?>) question.get(1)).forEach((name, value) -> arguments.put((String) name, value));
        try {
            Object answer = answers.answer((String) question.get(0), arguments);
            return Arrays.asList(DONE, answer);
        } catch (Exception | LinkageError | StackOverflowError failed) {
            failed.printStackTrace(); // into the log of this process
            return List.of(FAILED, Reason.of(failed));
        }
    }
}
