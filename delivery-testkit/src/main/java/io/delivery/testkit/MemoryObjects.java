package io.delivery.testkit;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.MemoryStore.Told;
import io.delivery.testkit.MemoryStore.Visible;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;

/**
 * What is at the other end of a {@link MemoryStore}'s wire: objects, uploads that were begun, and
 * what becomes of bytes that arrive. Not thread-safe.
 */
final class MemoryObjects {
    private final Map<ObjectName, Visible> visible = new LinkedHashMap<>();
    private final Map<ObjectName, Claim> claims = new HashMap<>();
    private final Map<String, Upload> uploads = new LinkedHashMap<>();
    private final Set<String> missingBuckets = new HashSet<>();
    private long uploadsGiven;
    private boolean lookingForbidden;
    private boolean conditionalPut = true;
    private boolean conditionalCompletion = true;
    private boolean readBack;
    private UnaryOperator<byte[]> change = MemoryObjects::withOneBitTurned;
    private Told told = Told.KEPT;
    private Predicate<ObjectName> refused = name -> false;

    private record Upload(ObjectName name) {}

    /** What the store says of an object, true or not. */
    private record Claim(long length, OptionalInt crc32) {}

    // --- how it behaves ---

    void forbidLooking(boolean forbidden) {
        lookingForbidden = forbidden;
    }

    boolean lookingIsForbidden() {
        return lookingForbidden;
    }

    void ignoreConditionsOfPut() {
        conditionalPut = false;
    }

    void ignoreConditionsOfCompletion() {
        conditionalCompletion = false;
    }

    void keepsOther(UnaryOperator<byte[]> made, Told said) {
        change = made;
        told = said;
    }

    void readBackAlways() {
        readBack = true;
    }

    boolean readsBack() {
        return readBack;
    }

    void refuse(Predicate<ObjectName> names) {
        refused = names;
    }

    // --- what is there ---

    Map<ObjectName, Visible> visible() {
        return Collections.unmodifiableMap(visible);
    }

    List<String> openUploads() {
        return List.copyOf(uploads.keySet());
    }

    void plant(ObjectName name, Visible object) {
        visible.put(name, object);
        claims.remove(name);
    }

    void remove(ObjectName name) {
        visible.remove(name);
        claims.remove(name);
    }

    void deleteBucket(String bucket) {
        missingBuckets.add(bucket);
        visible.keySet().removeIf(name -> name.bucket().equals(bucket));
        claims.keySet().removeIf(name -> name.bucket().equals(bucket));
    }

    void createBucket(String bucket) {
        missingBuckets.remove(bucket);
    }

    // --- uploads ---

    /** Begins a multipart upload; its id. */
    String begin(ObjectName name) {
        String uploadId = "upload-" + ++uploadsGiven;
        uploads.put(uploadId, new Upload(name));
        return uploadId;
    }

    void abort(ObjectName name, String uploadId) {
        uploads.remove(uploadId, new Upload(name));
    }

    void forget(String uploadId) {
        uploads.remove(uploadId);
    }

    // --- what is asked of it ---

    /** What the store says of the object under this name. */
    Found look(ObjectName name, ObjectAttributes attributes, StagedContent content) {
        Visible there = visible.get(name);
        if (there == null) {
            return Found.ABSENT;
        }
        Claim said = claims.getOrDefault(name, claim(there.bytes()));
        boolean ours =
                there.attributes().mark().equals(attributes.mark())
                        && said.length == content.length()
                        && said.crc32.orElse(content.crc32()) == content.crc32();
        return ours ? Found.OURS : Found.stranger(said + ", marked " + there.attributes().mark());
    }

    /** Not what the store says of the object, but its bytes. */
    Found compare(ObjectName name, StagedContent content) {
        Visible there = visible.get(name);
        if (there == null) {
            return Found.ABSENT;
        }
        Claim read = claim(there.bytes());
        return read.equals(claim(content)) ? Found.OURS : Found.stranger(read.toString());
    }

    private static Claim claim(byte[] bytes) {
        return new Claim(bytes.length, OptionalInt.of(crc32(bytes)));
    }

    private static Claim claim(StagedContent content) {
        return new Claim(content.length(), OptionalInt.of(content.crc32()));
    }

    /** Bytes have arrived: of a single put, or of the completion of an upload. */
    Landing arrive(ObjectName name, ObjectAttributes attributes, String uploadId, byte[] bytes) {
        if (uploadId != null && uploads.remove(uploadId) == null) {
            return new Landing.Unknown("404 NoSuchUpload");
        }
        if (missingBuckets.contains(name.bucket())) {
            return new Landing.Denied(
                    "NoSuchBucket",
                    "The specified bucket does not exist: " + name.bucket(),
                    "Create the bucket.");
        }
        if (refused.test(name)) {
            return Landing.Denied.ofTheKey(
                    "KeyTooLongError", "Your key is too long", "Use a shorter prefix.");
        }
        Visible there = visible.get(name);
        if (there != null && (uploadId == null ? conditionalPut : conditionalCompletion)) {
            return new Landing.Occupied();
        }
        if (there != null
                && !(Arrays.equals(there.bytes(), bytes)
                        && there.attributes().equals(attributes))) {
            throw new AssertionError("a visible object changed: " + name);
        }
        visible.put(name, new Visible(bytes, attributes));
        return new Landing.Landed("etag-" + Integer.toHexString(crc32(bytes)));
    }

    /** The same, and something else is there now. */
    Landing keepOther(
            ObjectName name,
            ObjectAttributes attributes,
            String uploadId,
            byte[] bytes,
            StagedContent content) {
        byte[] kept = change.apply(bytes);
        Landing landing = arrive(name, attributes, uploadId, kept);
        if (!(landing instanceof Landing.Landed)) {
            return landing;
        }
        switch (told) {
            case KEPT -> {
                return new Landing.Doubtful("checksum and length of " + kept.length + " bytes");
            }
            case NO_CHECKSUM -> claims.put(name, new Claim(kept.length, OptionalInt.empty()));
            case SENT -> claims.put(name, claim(content));
            default -> throw new AssertionError(told);
        }
        return compared(landing, name, content);
    }

    /** What the client makes of an object that is there when it reads everything back. */
    Landing compared(Landing landing, ObjectName name, StagedContent content) {
        boolean there = landing instanceof Landing.Landed || landing instanceof Landing.Occupied;
        if (!readBack || !there) {
            return landing;
        }
        if (lookingForbidden) {
            return new Landing.Unreadable(
                    "AccessDenied: you may not read " + name, "Allow s3:GetObject.");
        }
        return landing instanceof Landing.Occupied || compare(name, content).equals(Found.OURS)
                ? landing
                : new Landing.Doubtful("read back other bytes than were sent");
    }

    private static byte[] withOneBitTurned(byte[] bytes) {
        byte[] turned = bytes.clone();
        turned[turned.length / 2] ^= 1;
        return turned;
    }

    static int crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
