package io.delivery.runtime;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.delivery.testkit.servers.Tools;
import org.junit.jupiter.api.BeforeAll;

/** awslambdaric of PyPI. */
class PublishedPythonClientIT extends PublishedClientContract {
    private static final String PYTHON = "awslambdaric/bin/python";

    @BeforeAll
    static void needsIt() {
        assumeThat(Tools.missing("awslambdaric", PYTHON)).as(".ci/tools awslambdaric").isEmpty();
    }

    @Override
    String command() {
        return Tools.executable(PYTHON) + " -m awslambdaric \"$_HANDLER\"";
    }

    @Override
    String[] function() {
        return new String[] {"python", "index.py"};
    }
}
