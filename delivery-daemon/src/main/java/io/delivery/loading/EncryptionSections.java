package io.delivery.loading;

import static io.delivery.loading.Types.FILE;
import static io.delivery.loading.Types.SECRET;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.MasterKeySettings;
import io.delivery.config.Secret;
import java.nio.file.Path;
import java.util.List;

/** The keys that records on the disk are encrypted with. */
final class EncryptionSections {
    private static final Field<String> ID =
            Field.of(
                            "id",
                            TEXT,
                            "What the key is called on the disk and in a KeyARN, behind `:key/`. It stays"
                                    + " with its key for ever.")
                    .bounded("1 to 128 of [a-zA-Z0-9_.-]")
                    .example("k1");
    private static final Field<Path> KEY_FILE =
            Field.of(
                            "file",
                            FILE,
                            "A file with the key: 32 bytes as 64 hexadecimal digits or in base64.")
                    .byDefault("one of file, key")
                    .example("/run/secrets/delivery-k1");
    private static final Field<Secret> KEY =
            Field.of("key", SECRET, "The key itself, of a variable of the environment.")
                    .byDefault("one of file, key")
                    .example("'${DELIVERY_KEY_K1}'");
    private static final Field<List<MasterKeySettings>> KEYS =
            Field.of(
                            "keys",
                            Types.listOf(
                                    Types.section(
                                            Section.of(
                                                    "encryption.keys[]",
                                                    "A master key. It wraps the keys of streams and"
                                                            + " encrypts nothing else.",
                                                    ID,
                                                    KEY_FILE,
                                                    KEY),
                                            in ->
                                                    new MasterKeySettings(
                                                            in.required(ID, "?"),
                                                            in.get(KEY_FILE),
                                                            in.get(KEY)))),
                            "Master keys. The first wraps what is wrapped from now on; the others are there"
                                    + " for what they have wrapped before, until every stream has been"
                                    + " opened once with the new one.")
                    .byDefault("none: no stream can be encrypted");
    static final ValueType<List<MasterKeySettings>> ENCRYPTION =
            Types.section(
                    Section.of(
                            "encryption",
                            "Encryption of what streams keep on the disk: docs/encryption.md.",
                            KEYS),
                    in -> in.get(KEYS).orElse(List.of()));

    private EncryptionSections() {}
}
