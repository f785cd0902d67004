package io.delivery.s3;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a test that a server's class overrides: in what this server differs from S3. It is shown in
 * the table of docs/compatibility.md, so it is a sentence for users, without a full stop.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Deviation {
    String value();
}
