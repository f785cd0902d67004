package io.delivery.wiring;

import java.util.Locale;

/** Steps between accept and forgetting at which a process may end: design of the protocol, 5.7. */
public enum CrashStep {
    BEFORE_THE_FSYNC_OF_ACCEPT,
    AFTER_THE_FSYNC_OF_ACCEPT_BEFORE_ITS_ANSWER,
    AFTER_200_BEFORE_ANY_CLOSE,
    WHILE_STAGING,
    AFTER_STAGING_BEFORE_THE_OBJECT_RECORD,
    IN_A_TORN_APPEND_OF_OBJECTS,
    AFTER_SOME_OBJECT_RECORDS_BEFORE_THE_SEAL,
    AFTER_THE_SEAL,
    AFTER_THE_OBJECT_RECORD_BEFORE_ITS_UPLOAD,
    DURING_THE_UPLOAD,
    AFTER_CREATE_MULTIPART_UPLOAD_BEFORE_ITS_RECORD(Upload.IN_PARTS),
    AFTER_THE_UPLOAD_RECORD_BETWEEN_PARTS(Upload.IN_PARTS),
    AFTER_THE_UPLOAD_WITH_ITS_ANSWER_LOST,
    AFTER_A_COMPLETED_UPLOAD_WITH_ITS_ANSWER_LOST(Upload.IN_PARTS),
    AFTER_SOME_UPLOADS_OF_A_SEALED_RANGE,
    AFTER_ALL_UPLOADS_BEFORE_THE_COMMIT,
    DURING_THE_COMMIT,
    AFTER_THE_COMMIT_BEFORE_STAGED_BYTES_ARE_DELETED,
    AFTER_THE_COMMIT_BEFORE_THE_LOG_IS_TRUNCATED,
    AFTER_THE_COMMIT_IN_A_TORN_NEW_STATE,
    AFTER_THE_COMMIT_BEFORE_A_NEW_STATE_TAKES_ITS_PLACE;

    /** How objects must be uploaded for this step to come. */
    public enum Upload {
        ANY,
        IN_PARTS
    }

    private final Upload upload;

    CrashStep() {
        this(Upload.ANY);
    }

    CrashStep(Upload upload) {
        this.upload = upload;
    }

    public boolean needsParts() {
        return upload == Upload.IN_PARTS;
    }

    /** Whether a sync of the lane's state must fail for this step to come. */
    public boolean failsTheState() {
        return this == AFTER_THE_COMMIT_IN_A_TORN_NEW_STATE
                || this == AFTER_THE_COMMIT_BEFORE_A_NEW_STATE_TAKES_ITS_PLACE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
