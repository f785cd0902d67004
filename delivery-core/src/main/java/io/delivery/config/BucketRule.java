package io.delivery.config;

/** Which store a bucket of the API means; the first rule that matches decides. */
public record BucketRule(Glob match, String store) {}
