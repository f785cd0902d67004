package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** This program is killed with SIGKILL: nothing of a function's goes on. */
@Timeout(120)
class ParentKilledTest {
    /** What the program that is killed does: it is in the middle of an event. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            TestHost host = new TestHost(Path.of(args[0]));
            ProcessFunction function =
                    host.python(
                            """
                            import os, subprocess, time
                            def handler(event, context):
                                if event == "hang":
                                    time.sleep(3600)
                                child = subprocess.Popen(["sleep", "3600"])
                                left = subprocess.run(["sh", "-c", "setsid sleep 3600 >/dev/null 2>&1 & echo $!"], capture_output=True)
                                return "%d %d %d" % (os.getpid(), child.pid, int(left.stdout))
                            """);
            System.out.println(TestHost.answer(function, "{}").replace("\"", ""));
            TestHost.answer(function, "\"hang\"");
        }
    }

    @Test
    void children_are_gone_within_5_s(@TempDir Path folder) throws Exception {
        Programs.assume("python3");
        Process program =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Program.class.getName(),
                                        folder.toString()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        long[] pids;
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
            pids = Stream.of(out.readLine().split(" ")).mapToLong(Long::parseLong).toArray();
            assertThat(LongStream.of(pids).filter(Programs::lives)).hasSize(3);

            program.destroyForcibly().waitFor();
        }

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> assertThat(LongStream.of(pids).filter(Programs::lives)).isEmpty());
    }
}
