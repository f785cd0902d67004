package io.delivery.s3;

import static io.delivery.landing.StoreProbe.Verdict.CORRUPTED;
import static io.delivery.landing.StoreProbe.Verdict.HONOURED;
import static io.delivery.landing.StoreProbe.Verdict.IGNORED;
import static io.delivery.landing.StoreProbe.Verdict.MISSING;
import static io.delivery.landing.StoreProbe.Verdict.REFUSED;

import io.delivery.config.ByteSize;
import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.ObjectStore.Landing.Doubtful;
import io.delivery.landing.ObjectStore.Landing.Landed;
import io.delivery.landing.ObjectStore.Landing.Occupied;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import io.delivery.landing.ObjectStore.Landing.Unreadable;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.landing.StoreProbe.BucketState;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.record.ObjectName;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Finds out what a store really does, by the very requests that carry objects. */
final class S3Trials {
    private static final String UNCHUNKED =
            "Set chunkedEncoding: false and checksums: whenRequired, and run check --online again.";

    private static final String DECOMPRESSED =
            "If that does not help, the store or a proxy before it decompresses what is marked"
                    + " Content-Encoding: gzip: switch that off there.";

    private static final String SIGNED =
            "Set signedBodies: true if the store takes signed bodies only.";

    private final S3Settings settings;
    private final S3Client client;
    private final S3Uploads uploads;
    private final S3Looks looks;
    private final boolean conditional;
    private final List<Finding> findings = new ArrayList<>();
    private final List<ObjectName> left = new ArrayList<>();

    S3Trials(S3Settings settings, S3Client client, S3Uploads uploads, S3Looks looks) {
        this.settings = settings;
        this.client = client;
        // Small parts: a multipart object need not be large to be tried.
        this.uploads = uploads.withPartSize(S3Settings.MIN_PART_SIZE);
        this.looks = looks;
        this.conditional = settings.conditionalWrites() == ConditionalWrites.AUTO;
    }

    List<Finding> run(String bucket, String prefix) {
        if (looks.bucket(bucket) == BucketState.MISSING) {
            // Asked first: some stores cut the connection of a PUT to a bucket that is not there.
            find(
                    settings.createBuckets() ? MISSING : REFUSED,
                    "bucket",
                    "404 NoSuchBucket: " + bucket,
                    settings.createBuckets()
                            ? "The first landing creates it; run check --online again then."
                            : "Create the bucket, or set createBuckets: true.");
            return findings;
        }
        String base = prefix + "delivery-probe-" + UUID.randomUUID();
        ObjectName small = new ObjectName(bucket, base + "-small");
        S3TrialSample content = new S3TrialSample(10_001, 1);
        Landing landing = land("put", small, content);
        if (isConditionUnknown(landing)) {
            landing = land("put", small, content, false);
            if (landing instanceof Landed) {
                find(
                        MISSING,
                        "If-None-Match on PUT",
                        "501 NotImplemented",
                        "Set conditionalWrites: never; the store is then looked at before each"
                                + " PUT.");
            }
        }
        if (!(landing instanceof Landed || landing instanceof Doubtful)) {
            if (landing instanceof Denied denied && settings.trustsChecksums()) {
                find(REFUSED, "put", denied.message(), SIGNED + " " + denied.remedy());
            } else {
                describe("put", landing);
            }
            return findings;
        }
        find(HONOURED, "put", "10,001 bytes landed", "");
        if (settings.trustsChecksums()) {
            find(HONOURED, "body without a signature", "landed, with its checksum", "");
        }
        boolean mayLook = look(small, content);
        boolean mayRead = readBack("small object", small, content);
        secondPut(small, content, mayRead);
        ObjectName gzip = new ObjectName(bucket, base + "-gzip");
        S3TrialSample compressed = new S3TrialSample(10_001, 4, "gzip");
        if (another("put, compressed", gzip, compressed) && mayRead) {
            readBack("compressed object", gzip, compressed);
        }
        ObjectName nothing = new ObjectName(bucket, base + "-empty");
        S3TrialSample empty = new S3TrialSample(0, 5);
        if (another("put, empty", nothing, empty) && mayRead) {
            readBack("empty object", nothing, empty);
        }
        wrongChecksum(new ObjectName(bucket, base + "-wrong"));
        multipart(new ObjectName(bucket, base + "-parts"), mayRead, mayLook);
        remove();
        return findings;
    }

    /**
     * Whether we may look, what HEAD tells, and whether an absent key is told from a hidden one.
     */
    private boolean look(ObjectName name, S3TrialSample content) {
        try {
            HeadObjectResponse there = looks.head(name);
            String mark = there.metadata().get(ObjectHeaders.MARK);
            if (!content.attributes().mark().equals(mark)) {
                find(
                        CORRUPTED,
                        "user metadata",
                        "delivery-object came back as " + mark,
                        "The store must keep user metadata: without our mark nothing can be found"
                                + " again.");
            } else {
                find(HONOURED, "look (HEAD)", "our mark, " + there.contentLength() + " bytes", "");
            }
            checksumTold(there);
            encryptionTold(there);
        } catch (SdkServiceException e) {
            lookRefused(e);
            return false;
        } catch (SdkException e) {
            describe("look (HEAD)", S3Answers.meaning(e));
            return false;
        }
        try {
            looks.head(new ObjectName(name.bucket(), name.key() + "-absent"));
            find(CORRUPTED, "look for an absent key", "the store says it is there", "");
        } catch (SdkServiceException e) {
            if (e.statusCode() == 404) {
                find(HONOURED, "look for an absent key", "404", "");
            } else {
                find(
                        MISSING,
                        "look for an absent key",
                        S3Answers.said(e),
                        "Allow s3:ListBucket on the bucket, so that an absent key is told from a"
                                + " hidden one.");
            }
        } catch (SdkException e) {
            describe("look for an absent key", S3Answers.meaning(e));
        }
        return true;
    }

    private void lookRefused(SdkServiceException e) {
        find(
                e.statusCode() == 403 ? MISSING : REFUSED,
                "look (HEAD)",
                S3Answers.said(e),
                "Allow s3:GetObject and s3:ListBucket; without them an object of unknown fate is"
                        + " put again under the condition.");
    }

    private void checksumTold(HeadObjectResponse there) {
        if (settings.checksums() != Checksums.WHEN_SUPPORTED) {
            return;
        }
        if (there.checksumCRC32() == null) {
            find(IGNORED, "checksum kept", "HEAD tells none", "");
        } else {
            find(HONOURED, "checksum kept", "HEAD tells CRC32 " + there.checksumCRC32(), "");
        }
    }

    private void encryptionTold(HeadObjectResponse there) {
        String asked =
                settings.encryption().choose(none -> "", aes256 -> "AES256", kms -> "aws:kms");
        if (asked.isEmpty()) {
            return;
        }
        String told = there.serverSideEncryptionAsString();
        if (asked.equals(told)) {
            find(HONOURED, "encryption", "HEAD tells " + told, "");
        } else {
            find(
                    IGNORED,
                    "encryption",
                    "asked for " + asked + ", HEAD tells " + (told == null ? "none" : told),
                    "The store takes the header and does not encrypt: encrypt its disks, or set"
                            + " encryption: none.");
        }
    }

    private boolean readBack(String subject, ObjectName name, S3TrialSample content) {
        Found there = looks.compare(name, content);
        switch (there.presence()) {
            case OURS -> find(HONOURED, "read back, " + subject, "the same bytes", "");
            case STRANGER ->
                    find(
                            CORRUPTED,
                            "read back, " + subject,
                            "other bytes than were sent",
                            content.attributes().contentEncoding().isEmpty()
                                    ? UNCHUNKED
                                    : UNCHUNKED + " " + DECOMPRESSED);
            case FORBIDDEN -> {
                find(
                        MISSING,
                        "read back, " + subject,
                        "403: we may not read",
                        settings.readBack()
                                ? "Allow s3:GetObject, or set readBack: false."
                                : "Allow s3:GetObject if replay or readBack is wanted.");
                return false;
            }
            case ABSENT ->
                    find(
                            CORRUPTED,
                            "read back, " + subject,
                            "not there right after the PUT",
                            "The store must show an object once it has answered.");
            case UNKNOWN ->
                    find(REFUSED, "read back, " + subject, "no answer: " + there.reason(), "");
        }
        return true;
    }

    private void secondPut(ObjectName name, S3TrialSample first, boolean mayRead) {
        if (!conditional) {
            find(MISSING, "If-None-Match on PUT", "not asked: conditionalWrites is never", "");
            return;
        }
        Landing second = send(name, new S3TrialSample(first.size(), 2), true);
        if (second instanceof Occupied) {
            find(HONOURED, "If-None-Match on PUT", "412 for a second object of that name", "");
            if (mayRead) {
                readBack("after a refused second put", name, first);
            }
        } else if (second instanceof Landed || second instanceof Doubtful) {
            find(
                    IGNORED,
                    "If-None-Match on PUT",
                    "a second object replaced the first",
                    "Set conditionalWrites: never; the store is then looked at before each PUT.");
        } else if (!isRefused(second, "NotImplemented")) {
            describe("If-None-Match on PUT", second);
        }
    }

    /**
     * An object whose PUT differs from the first one's, which has landed: the key and the rights
     * are good, so that chunks are to blame first, whatever the store says.
     *
     * @return whether it has landed
     */
    private boolean another(String subject, ObjectName name, S3TrialSample content) {
        Landing landing = land(subject, name, content);
        if (isConditionUnknown(landing)) {
            landing = land(subject, name, content, false); // the first put has told of it
        }
        if (landing instanceof Landed) {
            find(HONOURED, subject, "landed", "");
            return true;
        }
        if (landing instanceof Doubtful) {
            return true; // it has been told
        }
        if (landing instanceof Denied denied
                && settings.chunkedEncoding()
                && !settings.trustsChecksums()) {
            find(REFUSED, subject, denied.message(), UNCHUNKED);
        } else {
            describe(subject, landing);
        }
        return false;
    }

    private void wrongChecksum(ObjectName name) {
        if (settings.checksums() != Checksums.WHEN_SUPPORTED) {
            return;
        }
        try {
            client.putObject(
                    b ->
                            b.bucket(name.bucket())
                                    .key(name.key())
                                    .checksumCRC32(ObjectChecksums.header(0x12345678)),
                    RequestBody.fromBytes(new byte[] {1, 2, 3}));
            left.add(name);
            if (settings.trustsChecksums() && !settings.readBack()) {
                find(
                        CORRUPTED,
                        "wrong checksum",
                        "accepted, and the body has no signature either",
                        "Set signedBodies: true, or readBack: true: nothing else tells when other"
                                + " bytes arrive than were sent.");
            } else {
                find(
                        IGNORED,
                        "wrong checksum",
                        "accepted",
                        "The store does not compare what arrives: set readBack: true where that"
                                + " matters.");
            }
        } catch (SdkServiceException e) {
            if (e.statusCode() == HttpURLConnection.HTTP_BAD_REQUEST) {
                find(HONOURED, "wrong checksum", S3Answers.said(e), "");
            } else { // it refuses for another reason
                describe("wrong checksum", S3Answers.meaning(e));
            }
        } catch (SdkException e) {
            describe("wrong checksum", S3Answers.meaning(e));
        }
    }

    private void multipart(ObjectName name, boolean mayRead, boolean mayLook) {
        S3TrialSample content = new S3TrialSample((int) S3Settings.MIN_PART_SIZE + 1, 3);
        Landing landing = land("multipart upload", name, content);
        if (isConditionUnknown(landing)) {
            landing = land("multipart upload", name, content, false);
            if (landing instanceof Landed) {
                find(
                        MISSING,
                        "If-None-Match on completion",
                        "501 NotImplemented",
                        "Set conditionalWrites: never.");
            }
        }
        if (!(landing instanceof Landed || landing instanceof Doubtful)) {
            describe("multipart upload", landing);
            return;
        }
        find(HONOURED, "multipart upload", content.length() + " bytes in two parts", "");
        if (mayRead) {
            readBack("multipart object", name, content);
        }
        if (!conditional) {
            return;
        }
        Landing second = send(name, content, true);
        if (second instanceof Occupied) {
            find(HONOURED, "If-None-Match on completion", "412", "");
        } else if (second instanceof Landed || second instanceof Doubtful) {
            find(
                    IGNORED,
                    "If-None-Match on completion",
                    "a second upload replaced the first",
                    "Objects up to partSize, "
                            + ByteSize.text(settings.partSize())
                            + ", go as single PUTs: raise it if yours are larger"
                            + (mayLook ? "." : ", and allow s3:GetObject."));
        } else if (!isRefused(second, "NotImplemented")) {
            describe("If-None-Match on completion", second);
        }
    }

    private void remove() {
        int refused = 0;
        String said = "";
        for (ObjectName name : left) {
            try {
                client.deleteObject(b -> b.bucket(name.bucket()).key(name.key()));
            } catch (SdkServiceException e) {
                refused++;
                said = S3Answers.said(e);
            } catch (SdkException e) {
                refused++;
                said = S3Answers.reason(e);
            }
        }
        if (refused == 0) {
            find(HONOURED, "delete", left.size() + " probe objects removed", "");
        } else {
            find(
                    MISSING,
                    "delete",
                    said + "; " + refused + " probe objects stay: " + left,
                    "Nothing to do for delivery, which deletes no object; remove them by hand.");
        }
    }

    private Landing land(String subject, ObjectName name, S3TrialSample content) {
        return land(subject, name, content, conditional);
    }

    private Landing land(String subject, ObjectName name, S3TrialSample content, boolean asked) {
        Landing landing = send(name, content, asked);
        if (landing instanceof Landed || landing instanceof Doubtful) {
            left.add(name);
        }
        if (landing instanceof Doubtful doubtful) {
            find(CORRUPTED, subject, doubtful.said(), UNCHUNKED);
        }
        return landing;
    }

    private Landing send(ObjectName name, S3TrialSample content, boolean asked) {
        try {
            return uploads.send(
                    new S3Upload(content, name, content.attributes(), UploadListener.IGNORE),
                    asked);
        } catch (IOException e) {
            throw new IllegalStateException("a sample cannot be read", e); // it is in memory
        }
    }

    /** Whether the same request may land without the condition, which some stores do not know. */
    private boolean isConditionUnknown(Landing landing) {
        return conditional && isRefused(landing, "NotImplemented");
    }

    private static boolean isRefused(Landing landing, String code) {
        return landing instanceof Denied denied && denied.code().equals(code);
    }

    private void describe(String subject, Landing landing) {
        landing.accept(new Refused(subject));
    }

    /** Says of each answer why it is no success. */
    private final class Refused implements Landing.Visitor {
        private final String subject;

        Refused(String subject) {
            this.subject = subject;
        }

        @Override
        public void denied(Denied denied) {
            find(REFUSED, subject, denied.message(), denied.remedy());
        }

        @Override
        public void unknown(Unknown unknown) {
            find(
                    REFUSED,
                    subject,
                    "no answer: " + unknown.reason(),
                    "Check endpoint and network; this heals by itself when the store comes back.");
        }

        @Override
        public void occupied() {
            find(REFUSED, subject, "the name of a fresh object is taken", "");
        }

        @Override
        public void landed(Landed landed) {
            throw new IllegalStateException(subject + " is a success: " + landed);
        }

        @Override
        public void doubtful(Doubtful doubtful) {
            throw new IllegalStateException(subject + " is a success in doubt: " + doubtful);
        }

        @Override
        public void unreadable(Unreadable unreadable) {
            find(REFUSED, subject, unreadable.reason(), unreadable.remedy());
        }
    }

    private void find(Verdict verdict, String subject, String saw, String remedy) {
        findings.add(new Finding(verdict, subject, saw, remedy));
    }
}
