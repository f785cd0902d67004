package io.delivery.crypt;

/** What a file is: files of different kinds never have the same key. */
public enum FileKind {
    JOURNAL("journal"),
    STAGING("staging");

    /** On disks: never changed. */
    final String word;

    FileKind(String word) {
        this.word = word;
    }
}
