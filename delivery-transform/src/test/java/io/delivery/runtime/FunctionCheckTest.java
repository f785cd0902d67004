package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionRunner.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionCheckTest {
    private @TempDir Path folder;

    private static List<String> problems(Runtime runtime, Path code, String handler) {
        return FunctionCheck.problems(
                        new FunctionRunner.Process(
                                runtime, code, Optional.of(handler), 128L << 20, Map.of()))
                .stream()
                .map(problem -> problem.setting() + ": " + problem.message())
                .toList();
    }

    private Path code(String... names) throws IOException {
        Path code = Files.createTempDirectory(folder, "code");
        for (String name : names) {
            Files.createDirectories(code.resolve(name).getParent());
            Files.writeString(code.resolve(name), "");
        }
        return code;
    }

    @Test
    void a_handler_whose_file_is_there_has_no_problem() throws IOException {
        Programs.assume("python3");
        Programs.assume("node");

        assertThat(problems(Runtime.PYTHON, code("index.py"), "index.handler")).isEmpty();
        assertThat(problems(Runtime.PYTHON, code("a/b.py"), "a.b.handler")).isEmpty();
        assertThat(problems(Runtime.PYTHON, code("a/b.py"), "a/b.handler")).isEmpty();
        assertThat(problems(Runtime.PYTHON, code("a/__init__.py"), "a.handler")).isEmpty();
        assertThat(problems(Runtime.NODEJS, code("index.js"), "index.handler")).isEmpty();
        assertThat(problems(Runtime.NODEJS, code("a/b.mjs"), "a/b.c.handler")).isEmpty();
    }

    @Test
    void a_handler_whose_file_is_missing_is_told_with_the_file() throws IOException {
        Programs.assume("python3");
        Programs.assume("node");

        assertThat(problems(Runtime.PYTHON, code("app.py"), "index.handler"))
                .singleElement()
                .asString()
                .startsWith("handler: handler index.handler needs index.py");
        assertThat(problems(Runtime.NODEJS, code("a/index.js"), "index.handler"))
                .singleElement()
                .asString()
                .contains("needs index.js, .mjs or .cjs");
    }

    @Test
    void a_handler_that_is_none_is_told() throws IOException {
        Programs.assume("python3");

        assertThat(problems(Runtime.PYTHON, code("index.py"), "index"))
                .singleElement()
                .asString()
                .startsWith("handler: handler must be module.function");
    }

    @Test
    void a_bootstrap_that_is_missing_or_not_executable_is_told_with_the_cure() throws IOException {
        Path code = code("bootstrap");

        assertThat(problems(Runtime.PROVIDED, code("other"), ""))
                .singleElement()
                .asString()
                .startsWith("code: runtime provided needs an executable with the name bootstrap");
        assertThat(problems(Runtime.PROVIDED, code, ""))
                .singleElement()
                .asString()
                .contains("chmod +x bootstrap");
        Files.setPosixFilePermissions(
                code.resolve("bootstrap"), PosixFilePermissions.fromString("rwx------"));
        assertThat(problems(Runtime.PROVIDED, code, "")).isEmpty();
    }

    @Test
    void a_zip_is_looked_at_without_unpacking_it() throws IOException {
        Programs.assume("python3");
        Path zip = folder.resolve("code.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("index.py"));
        }

        assertThat(problems(Runtime.PYTHON, zip, "index.handler")).isEmpty();
        assertThat(problems(Runtime.PYTHON, zip, "app.handler"))
                .singleElement()
                .asString()
                .contains("needs app.py");
    }

    @Test
    void code_that_is_missing_is_told_with_its_path() {
        Path missing = folder.resolve("missing.zip");

        assertThat(problems(Runtime.PYTHON, missing, "index.handler"))
                .singleElement()
                .asString()
                .startsWith("code: ")
                .contains("missing.zip does not exist");
    }

    @Test
    void versions_are_compared_by_number() {
        Interpreter three = new Interpreter(Path.of("python3"), "3.10.2");

        assertThat(three.isAtLeast(3, 8)).isTrue();
        assertThat(three.isAtLeast(3, 10)).isTrue();
        assertThat(three.isAtLeast(3, 11)).isFalse();
        assertThat(new Interpreter(Path.of("node"), "v?").isAtLeast(18, 0)).isFalse();
    }

    @Test
    void a_link_within_the_code_stands_for_what_it_leads_to() throws IOException {
        Programs.assume("python3");
        Path code = code("bin/handler", "real/index.py", "real/x.txt");
        Files.setPosixFilePermissions(
                code.resolve("bin/handler"), PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(code.resolve("bootstrap"), Path.of("bin/handler"));
        Files.createSymbolicLink(code.resolve("src"), Path.of("real"));
        Files.createSymbolicLink(code.resolve("real/app.py"), Path.of("../src/./index.py"));

        assertThat(problems(Runtime.PROVIDED, code, "")).isEmpty();
        assertThat(problems(Runtime.PYTHON, code, "src/index.handler")).isEmpty();
        assertThat(problems(Runtime.PYTHON, code, "src.app.handler")).isEmpty();
        assertThat(problems(Runtime.PYTHON, code, "src/other.handler")).hasSize(1);
    }

    @Test
    void a_link_that_leads_out_or_in_a_circle_is_no_file() throws IOException {
        Path code = code("other");
        Files.createSymbolicLink(code.resolve("bootstrap"), Path.of("again"));
        Files.createSymbolicLink(code.resolve("again"), Path.of("bootstrap"));
        assertThat(problems(Runtime.PROVIDED, code, "")).hasSize(1);

        Path out = code("other");
        Files.createSymbolicLink(out.resolve("bootstrap"), Path.of("../../bootstrap"));
        assertThat(problems(Runtime.PROVIDED, out, "")).hasSize(1);
    }
}
