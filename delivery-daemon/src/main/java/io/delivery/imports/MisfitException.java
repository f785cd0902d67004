package io.delivery.imports;

/** A stream, or a file, that cannot become a request of the API. The message tells a person why. */
final class MisfitException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String place;

    /**
     * @param place of the value that does not fit
     */
    MisfitException(String place, String message) {
        super(message);
        this.place = place;
    }

    Finding finding() {
        return new Finding(Finding.Kind.NOT_IMPORTED, place, getMessage());
    }
}
