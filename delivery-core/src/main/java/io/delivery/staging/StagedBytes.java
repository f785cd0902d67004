package io.delivery.staging;

/**
 * Durable bytes of one object.
 *
 * @param file name of the staging file within its lane's staging directory
 * @param offset where the bytes begin
 * @param length how many they are
 * @param crc32 CRC-32 (ISO-HDLC, the one S3 calls CRC32) of the bytes
 */
public record StagedBytes(String file, long offset, long length, int crc32) {}
