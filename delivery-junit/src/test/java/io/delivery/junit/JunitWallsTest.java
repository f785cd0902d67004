package io.delivery.junit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the extension sees is what an application's tests must have on their class path. */
class JunitWallsTest {
    private static final JavaClasses EXTENSION =
            new ClassFileImporter().importPath(Path.of("target/classes"));

    private static final JavaClasses PROGRAM =
            new ClassFileImporter().importPath(Path.of("program/target/classes/io"));

    @Test
    void the_extension_sees_JUnit_and_the_JDK() {
        classes()
                .that()
                .doNotHaveSimpleName("Containers")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.junit.jupiter.api..",
                        "io.delivery.junit",
                        "io.delivery.junit.child")
                .check(EXTENSION);
    }

    /** A version of JUnit's that is not its engine's would break the tests of an application. */
    @Test
    void the_program_is_all_that_comes_to_whoever_depends_on_it() throws Exception {
        NodeList all =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new File("pom.xml"))
                        .getElementsByTagName("dependency");
        List<String> coming =
                IntStream.range(0, all.getLength())
                        .mapToObj(i -> (Element) all.item(i))
                        .filter(d -> !List.of("test", "provided").contains(text(d, "scope")))
                        .filter(d -> !text(d, "optional").equals("true"))
                        .map(d -> text(d, "artifactId"))
                        .toList();

        assertThat(coming).containsExactly("delivery-junit-program");
    }

    private static String text(Element dependency, String name) {
        NodeList found = dependency.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    @Test
    void the_child_sees_the_JDK_since_it_is_in_both_processes() {
        classes()
                .that()
                .resideInAPackage("io.delivery.junit.child")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "io.delivery.junit.child")
                .check(PROGRAM);
        noClasses()
                .that()
                .resideInAPackage("io.delivery.junit.program")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.junit..")
                .check(PROGRAM);
    }
}
