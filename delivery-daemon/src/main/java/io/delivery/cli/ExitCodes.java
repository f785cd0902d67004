package io.delivery.cli;

/** What the program answers its caller: the same numbers for every command. */
public final class ExitCodes {
    /** Done. */
    public static final int DONE = 0;

    /** It ran and found something: invalid, unequal, failed. */
    public static final int FOUND = 1;

    /** Wrong arguments. */
    public static final int USAGE = 2;

    /** The configuration was refused at start. */
    public static final int CONFIG_REFUSED = 3;

    /** The data directory is locked or unreadable. */
    public static final int DATA_DIRECTORY = 4;

    /** An address could not be bound. */
    public static final int CANNOT_BIND = 5;

    /** It started and had to stop. */
    public static final int STOPPED = 6;

    /** {@code verify} found nothing but objects that somebody removed. */
    public static final int OBJECTS_REMOVED = 7;

    private ExitCodes() {}
}
