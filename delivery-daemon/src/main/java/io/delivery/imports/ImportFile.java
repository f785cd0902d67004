package io.delivery.imports;

/**
 * A file that is imported.
 *
 * @param name as the user wrote it; its end tells Terraform code
 * @param content whatever it is
 */
public record ImportFile(String name, byte[] content) {}
