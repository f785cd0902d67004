package io.delivery.staging;

import io.delivery.crypt.StreamKeys;

/**
 * What the files of a lane's staging area are encrypted with.
 *
 * @param keys of its stream
 * @param lane its name: a file of one lane is none of another
 */
public record StagingSeal(StreamKeys keys, String lane) {
    /** Of a stream that is never encrypted. */
    public static final StagingSeal NONE = new StagingSeal(StreamKeys.none(), "");
}
