package io.delivery.imports;

/** A stream, or a file, that cannot become a request of the API. The message tells a person why. */
final class MisfitException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final boolean unknown;

    /**
     * @param place of the value that does not fit
     */
    MisfitException(String place, String message) {
        this(place, message, false);
    }

    private MisfitException(String place, String message, boolean unknown) {
        super(message);
        this.place = place;
        this.unknown = unknown;
    }

    /** Of a value that only the source's own program knows, and that no variable can stand for. */
    static MisfitException unknown(String place, Template value) {
        return new MisfitException(
                place,
                "%s is not known here, and nothing can stand for it: write the value, or import what describe-delivery-stream or terraform show -json says"
                        .formatted(value),
                true);
    }

    /** Whether nothing is wrong with the value but that it is not known. */
    boolean isUnknown() {
        return unknown;
    }

    Finding finding() {
        return new Finding(Finding.Kind.NOT_IMPORTED, place, getMessage());
    }
}
