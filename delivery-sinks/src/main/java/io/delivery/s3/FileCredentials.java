package io.delivery.s3;

import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.file.BoundedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;

/**
 * The key in the profile {@code default} of a profile file (AWS SDKs and tools reference guide,
 * "Shared config and credentials files"), read again when another file is there. While that one
 * cannot be read the former key counts. Thread-safe. Costs a look at the attributes of the file per
 * request.
 */
public final class FileCredentials implements AwsCredentialsProvider {
    private static final Logger log = LoggerFactory.getLogger(FileCredentials.class);

    private static final String PROFILE = "default";

    private final Path file;
    private final RepeatedFailure reading;
    private volatile Read read;

    private record Read(FileState state, AwsCredentials credentials) {}

    /** Reads nothing yet. */
    FileCredentials(Path file) {
        this.file = file;
        this.reading =
                RepeatedFailure.of(
                        log, "reading changed credentials", System::nanoTime, "file", file);
    }

    /**
     * Looks whether there is a key in a file now.
     *
     * @throws IOException when there is none; the message names the file and shows nothing of it
     */
    public static void check(Path file) throws IOException {
        key(file);
    }

    /**
     * @throws SdkClientException when there was never a key in it
     */
    @Override
    public AwsCredentials resolveCredentials() {
        Read last = read;
        FileState now = FileState.of(file);
        return last != null && last.state().equals(now) ? last.credentials() : readAgain(now);
    }

    /**
     * @param state looked at before: what changes meanwhile is noticed by the next request
     */
    private synchronized AwsCredentials readAgain(FileState state) {
        Read last = read;
        if (last != null && last.state().equals(state)) {
            return last.credentials(); // another request was faster
        }
        try {
            AwsCredentials key = key(file);
            read = new Read(state, key);
            reading.worked();
            if (last != null) {
                log.info("credentials were read again: file={}", file);
            }
            return key;
        } catch (IOException unusable) {
            if (last == null) {
                throw SdkClientException.create("no credentials: " + FailureText.of(unusable));
            }
            reading.failed(FailureText.of(unusable));
            return last.credentials();
        }
    }

    private static AwsCredentials key(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is no file that is there");
        }
        Profile profile = profile(file);
        String id = required(profile, ProfileProperty.AWS_ACCESS_KEY_ID, file);
        String secret = required(profile, ProfileProperty.AWS_SECRET_ACCESS_KEY, file);
        Optional<String> token =
                profile.property(ProfileProperty.AWS_SESSION_TOKEN)
                        .filter(value -> !value.isBlank());
        return token.isPresent()
                ? AwsSessionCredentials.create(id, secret, token.get())
                : AwsBasicCredentials.create(id, secret);
    }

    /** The SDK's own messages quote the lines of the file. */
    private static Profile profile(Path file) throws IOException {
        byte[] content = BoundedFile.readNamed(file, BoundedFile.OF_SECRETS);
        Optional<Profile> profile;
        try {
            profile =
                    ProfileFile.builder()
                            .content(new ByteArrayInputStream(content))
                            .type(ProfileFile.Type.CREDENTIALS)
                            .build()
                            .profile(PROFILE);
        } catch (RuntimeException noProfileFile) {
            log.debug("no profile file: file={}", file);
            throw new IOException(file + " cannot be read as a profile file of the AWS SDKs");
        }
        return profile.orElseThrow(() -> new IOException(file + " has no profile [default]"));
    }

    private static String required(Profile profile, String property, Path file) throws IOException {
        return profile.property(property)
                .filter(value -> !value.isBlank())
                .orElseThrow(
                        () ->
                                new IOException(
                                        "%s has no %s in [default]".formatted(file, property)));
    }
}
