package io.delivery.runtime;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.delivery.testkit.servers.Tools;
import org.junit.jupiter.api.BeforeAll;

/** aws-lambda-ric of npm. */
class PublishedNodeClientIT extends PublishedClientContract {
    private static final String CLIENT = "aws-lambda-ric/node_modules/.bin/aws-lambda-ric";

    @BeforeAll
    static void needsIt() {
        Programs.assume("node");
        assumeThat(Tools.missing("aws-lambda-ric", CLIENT))
                .as(".ci/tools aws-lambda-ric")
                .isEmpty();
    }

    /** It writes everything to its standard output, errors too. */
    @Override
    protected boolean seesErrorLines() {
        return false;
    }

    @Override
    String command() {
        return Tools.executable(CLIENT) + " \"$_HANDLER\"";
    }

    @Override
    String[] function() {
        return new String[] {"nodejs", "index.js"};
    }
}
