package io.delivery.cli;

import io.delivery.loading.InvalidConfigException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;

/** What the program answers its caller: the same numbers for every command. */
public final class ExitCodes {
    /** Done. */
    public static final int DONE = 0;

    /** It ran and found something: invalid, unequal, failed. */
    public static final int FOUND = 1;

    /** Wrong arguments. */
    public static final int USAGE = 2;

    /** The configuration was refused. */
    public static final int CONFIG_REFUSED = 3;

    /** The data directory is locked or unreadable. */
    public static final int DATA_DIRECTORY = 4;

    /** An address could not be bound. */
    public static final int CANNOT_BIND = 5;

    /** {@code verify} found nothing but objects that somebody removed. */
    public static final int OBJECTS_REMOVED = 7;

    /** Nobody answers where the service should be. */
    public static final int NOT_REACHABLE = 8;

    /** There is no stream of that name. */
    public static final int UNKNOWN_STREAM = 9;

    /** The service refused the caller: a token, a key or a right is missing or wrong. */
    public static final int NOT_ALLOWED = 10;

    /** It was not done within the time that was given; the service goes on. */
    public static final int NOT_IN_TIME = 11;

    private static final List<Row> TABLE =
            List.of(
                    new Row(DONE, "all", "It is done, and nothing is wrong."),
                    new Row(
                            FOUND,
                            "all",
                            "It ran and found something: `check` a problem, `diff` a difference,"
                                    + " `function invoke` samples that"
                                    + " failed, `schema` samples that do not convert or a table"
                                    + " that must change, `status` an unhealthy stream"
                                    + " or books that do not balance, `put` records that were not"
                                    + " accepted, `import` and `export` something that needs a"
                                    + " look, `verify` and `journal` damage or something that is"
                                    + " not as it was recorded. Also an answer that could not be"
                                    + " written, because the disk is full or nobody reads any"
                                    + " more, and a failure that nobody foresaw; standard error"
                                    + " tells."),
                    new Row(USAGE, "all", "The arguments are wrong."),
                    new Row(
                            CONFIG_REFUSED,
                            "all but `check`",
                            "The configuration was refused, as far as the command needs it. `check`"
                                    + " answers 1: that is what it looks for. `diff` answers 3 also when a"
                                    + " running service would refuse it."),
                    new Row(
                            DATA_DIRECTORY,
                            "`run`, `quickstart`, `verify`, `journal`, `export`, `schema --stream`",
                            "The data directory is not there, is used by another process, cannot be"
                                    + " read or written, or is of a newer program."),
                    new Row(CANNOT_BIND, "`run`, `quickstart`", "An address cannot be bound."),
                    new Row(
                            OBJECTS_REMOVED,
                            "`verify`",
                            "Nothing is wrong but that somebody removed objects."),
                    new Row(
                            NOT_REACHABLE,
                            "`put`, `status`, `flush`, `diff`",
                            "Nobody answers at the address: the service is down, or elsewhere."),
                    new Row(
                            UNKNOWN_STREAM,
                            "`put`, `status`, `flush`, `verify`, `journal`, `export`,"
                                    + " `function invoke`, `schema --stream`,"
                                    + " `schema check --settings-of`",
                            "There is no stream of that name."),
                    new Row(
                            NOT_ALLOWED,
                            "`put`, `status`, `flush`, `diff`",
                            "The service refused the caller: the token, the key or the right is"
                                    + " missing or wrong."),
                    new Row(
                            NOT_IN_TIME,
                            "`status`, `flush`, `diff`",
                            "The answer did not come within the time; the service goes on."));

    private ExitCodes() {}

    /**
     * One code.
     *
     * @param commands that answer it
     */
    private record Row(int code, String commands, String meaning) {}

    /**
     * The code for what a command could not do.
     *
     * @return {@link #FOUND} for a failure that has none of its own
     */
    static int of(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof InvalidConfigException) {
                return CONFIG_REFUSED;
            }
            if (at instanceof UnknownStreamException) {
                return UNKNOWN_STREAM;
            }
            if (at instanceof RefusedArgumentException) {
                return USAGE;
            }
            if (at instanceof AnsweredException answered) {
                return ofStatus(answered.status());
            }
            if (at instanceof ConnectException
                    || at instanceof HttpConnectTimeoutException
                    || at instanceof UnknownHostException
                    || at instanceof UnresolvedAddressException) {
                return NOT_REACHABLE;
            }
            if (at instanceof HttpTimeoutException) {
                return NOT_IN_TIME;
            }
        }
        return FOUND;
    }

    /** The code for an HTTP answer of the admin server. */
    private static int ofStatus(int status) {
        return switch (status) {
            case 401, 403, 421 -> NOT_ALLOWED;
            case 404 -> UNKNOWN_STREAM;
            default -> FOUND;
        };
    }

    /** The page of all of them, in Markdown. */
    public static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Exit codes

                Generated from what the program declares; a test fails when this page differs.
                `./mvnw -pl delivery-daemon -am test -Dupdate.docs=true` writes it anew.

                A number means the same for every command. So a script can tell a service that is down (8) from a stream
                that is unhealthy (1) and from a name that is wrong (9).

                | code | commands | meaning |
                |---|---|---|
                """);
        TABLE.forEach(
                row ->
                        page.append(
                                "| %d | %s | %s |%n"
                                        .formatted(row.code, row.commands, row.meaning)));
        page.append(
                """

                A `run` that is stopped by SIGTERM or Ctrl-C ends with 0: what was accepted is safe. 6 is not used.
                """);
        return page.toString();
    }
}
