package io.delivery.s3;

import io.delivery.failure.RepeatedFailure;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The SDK's default chain, for keys that are rotated while the program runs. Temporary credentials
 * that tell their end are asked for anew before it, which the chain does by itself. The chain is
 * built again, and everything in it asked anew, when
 *
 * <ul>
 *   <li>a profile file is another one than that which was read. The chain would look at the time of
 *       the last change alone: it misses a file that was written beforehand and moved into place,
 *       and never reads one that was not there at its start. While there is none, or half of one,
 *       the earlier key is kept;
 *   <li>a store has refused the key, whatever the chain believes of its age.
 * </ul>
 *
 * Thread-safe. Costs two looks at the attributes of a file per request.
 */
final class ChainCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChainCredentials.class);

    private static final int LONGEST_REASON = 400;

    /** What the chain says of one of its members: the member, a colon, its reason. */
    private static final Pattern OF_WEB_IDENTITY =
            Pattern.compile(
                    "WebIdentityToken\\w*CredentialsProvider\\([^)]*\\): (?<reason>.*?)"
                            + "(, \\w+CredentialsProvider\\(|]?$)",
                    Pattern.DOTALL);

    /**
     * A chain, and the profile files that it was built from.
     *
     * @param accessKeyId of what it gave last; null before
     * @param refused whether a store has refused that
     */
    private record Chain(
            DefaultCredentialsProvider provider,
            List<FileState> files,
            AtomicReference<String> accessKeyId,
            AtomicBoolean refused) {
        AwsCredentials resolve() {
            AwsCredentials given = provider.resolveCredentials();
            accessKeyId.set(given.accessKeyId());
            return given;
        }
    }

    private final RepeatedFailure keeping =
            RepeatedFailure.of(log, "reading changed credentials", System::nanoTime);

    private volatile Chain chain;

    /** Asks for nothing yet. */
    ChainCredentials() {}

    /**
     * A store does not take this key: the next request asks for another one. A late refusal of an
     * earlier key tells nothing of the one there is.
     */
    void refused(String accessKeyId) {
        Chain there = chain;
        if (there != null && accessKeyId.equals(there.accessKeyId().get())) {
            there.refused().set(true);
        }
    }

    /**
     * @throws SdkClientException when there are none, naming credentials; its cause is left out, so
     *     that a role that cannot be asked is not taken for a store that does not answer
     */
    @Override
    public AwsCredentials resolveCredentials() {
        try {
            Chain asked = current();
            try {
                return asked.resolve();
            } catch (RuntimeException e) {
                if (chain == asked) {
                    throw e;
                }
                // Another request has put a new chain in its place, and closed it under us.
                log.debug("a chain of credentials was asked that has been replaced", e);
                return current().resolve();
            }
        } catch (RuntimeException e) { // the chain's own, of a process, of a file
            log.debug("no credentials", e);
            throw SdkClientException.create("no credentials: " + reason(e));
        }
    }

    private Chain current() {
        Chain there = chain;
        return there != null && !there.refused().get() && there.files().equals(files())
                ? there
                : rebuilt();
    }

    private synchronized Chain rebuilt() {
        // Before the files are read: what changes meanwhile is noticed by the next request.
        List<FileState> files = files();
        Chain before = chain;
        boolean refused = before != null && before.refused().get();
        if (before != null && !refused && before.files().equals(files)) {
            return before; // another request was faster
        }
        Chain fresh;
        try {
            ProfileFile profiles = ProfileFile.defaultProfileFile();
            fresh =
                    new Chain(
                            DefaultCredentialsProvider.builder()
                                    .profileFile(() -> profiles)
                                    .build(),
                            files,
                            new AtomicReference<>(),
                            new AtomicBoolean());
            if (before != null && !refused) {
                fresh.resolve();
            }
        } catch (RuntimeException e) {
            if (before == null || refused) {
                throw e;
            }
            // Removed and not yet written again, or half of it: nobody refuses the key there is.
            keeping.failed(reason(e));
            chain = new Chain(before.provider(), files, before.accessKeyId(), before.refused());
            return chain;
        }
        chain = fresh;
        if (before != null) {
            log.info("credentials are asked for anew");
            keeping.worked();
            before.provider().close();
        }
        return fresh;
    }

    /**
     * The chain lists all that it has tried, in a line without end. Where a web identity is
     * configured, why it gives nothing is what counts, and stands first.
     */
    private static String reason(RuntimeException failure) {
        String reason = S3Answers.reason(failure);
        if (SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.getStringValue().isPresent()) {
            Matcher ofIdentity = OF_WEB_IDENTITY.matcher(reason);
            if (ofIdentity.find()) {
                reason = "web identity: " + ofIdentity.group("reason");
            }
        }
        return reason.length() <= LONGEST_REASON
                ? reason
                : reason.substring(0, LONGEST_REASON) + "…";
    }

    private static List<FileState> files() {
        return List.of(
                FileState.of(ProfileFileLocation.credentialsFilePath()),
                FileState.of(ProfileFileLocation.configurationFilePath()));
    }

    @Override
    public void close() {
        Chain last = chain;
        if (last != null) {
            last.provider().close();
        }
    }
}
