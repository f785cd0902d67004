package io.delivery.s3;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;

/** One object on its way. */
record S3Upload(
        StagedContent content,
        ObjectName name,
        ObjectAttributes attributes,
        UploadListener listener) {}
