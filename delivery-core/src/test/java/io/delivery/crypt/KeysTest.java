package io.delivery.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.delivery.record.Incarnation;
import io.delivery.world.Entropy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    private static final Incarnation STREAM = new Incarnation(1, 2);
    private static final byte[] BOUND = {1, 2, 3};

    private final Entropy entropy = new Random(5)::nextLong;
    private final byte[] secret = FileKey.randomBytes(entropy, MasterKey.BYTES);
    private final MasterKey master = new MasterKey("k1", secret);
    private final DataKey key = DataKey.draw(3, entropy);

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // --- master keys ---

    @Test
    void a_master_key_is_read_from_base64_and_from_hexadecimal_digits() {
        String base64 = Base64.getEncoder().encodeToString(secret);

        for (String form :
                List.of(
                        base64,
                        base64 + "\n",
                        base64.replace("=", ""),
                        Base64.getUrlEncoder().encodeToString(secret),
                        HexFormat.of().formatHex(secret),
                        HexFormat.of().withUpperCase().formatHex(secret))) {
            assertThat(MasterKey.parse("k1", form)).as(form).isEqualTo(master);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "AAAAAAAAAAAAAAAAAAAAAA==",
                "zz000000000000000000000000000000000000000000000000000000000000zz",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void what_is_no_key_is_refused_and_not_shown(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MasterKey.parse("k1", text))
                .withMessageContaining("32 bytes")
                .satisfies(
                        refused ->
                                assertThat(text.isEmpty() || !refused.getMessage().contains(text))
                                        .isTrue());
    }

    @Test
    void no_key_prints_itself() {
        String hex = HexFormat.of().formatHex(secret);

        assertThat(List.of(master, key, key.fileKey(FileKind.JOURNAL, BOUND)).toString())
                .contains("k1", "number=3")
                .doesNotContain(hex)
                .doesNotContain(HexFormat.of().formatHex(key.bytes()));
    }

    // --- wrapped keys ---

    @Test
    void a_wrapped_key_comes_back_through_its_line() {
        WrappedKey wrapped = WrappedKey.wrap(key, master, STREAM, entropy);

        WrappedKey read = WrappedKey.parse(wrapped.text());

        assertThat(read).isEqualTo(wrapped);
        assertThat(read.unwrap(master, STREAM).orElseThrow().bytes()).isEqualTo(key.bytes());
        assertThat(read.unwrap(master, STREAM).orElseThrow().number()).isEqualTo(3);
    }

    @Test
    void another_master_key_another_stream_and_another_number_unwrap_nothing() {
        WrappedKey wrapped = WrappedKey.wrap(key, master, STREAM, entropy);
        MasterKey other = new MasterKey("k1", new byte[MasterKey.BYTES]);

        assertThat(wrapped.unwrap(other, STREAM)).isEmpty();
        assertThat(wrapped.unwrap(master, new Incarnation(1, 3))).isEmpty();
        assertThat(new WrappedKey(4, "k1", wrapped.sealed()).unwrap(master, STREAM)).isEmpty();
    }

    @Test
    void a_wrapped_key_of_which_a_bit_is_turned_over_unwraps_nothing() {
        byte[] sealed =
                Base64.getDecoder().decode(WrappedKey.wrap(key, master, STREAM, entropy).sealed());

        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            String text = Base64.getEncoder().encodeToString(changed);
            assertThat(new WrappedKey(3, "k1", text).unwrap(master, STREAM)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 k1", "0 k1 AAAA", "1 k 1 AAAA", "x k1 AAAA", "1 k1 AAAA"})
    void a_line_that_is_no_wrapped_key_is_refused(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> WrappedKey.parse(line));
    }

    // --- files ---

    @Test
    void each_kind_and_each_identity_has_a_key_of_its_own() {
        Set<String> seen = new HashSet<>();
        for (FileKind kind : FileKind.values()) {
            for (String file : List.of("a", "b", "")) {
                byte[] sealed = new byte[4 + FileCipher.TAG_BYTES];
                key.fileKey(kind, text(file))
                        .cipher()
                        .seal(7, BOUND, ByteBuffer.wrap(text("same")), sealed, 0);
                seen.add(HexFormat.of().formatHex(sealed));
            }
        }

        assertThat(seen).hasSize(FileKind.values().length * 3);
    }

    @Test
    void each_place_of_a_file_is_encrypted_differently() {
        FileCipher cipher = key.fileKey(FileKind.STAGING, BOUND).cipher();
        Set<String> seen = new HashSet<>();
        for (long place = 0; place < 100; place++) {
            byte[] sealed = new byte[4 + FileCipher.TAG_BYTES];
            cipher.seal(place, BOUND, ByteBuffer.wrap(text("same")), sealed, 0);
            seen.add(HexFormat.of().formatHex(sealed));
        }

        assertThat(seen).hasSize(100);
    }

    @Test
    void a_piece_opens_where_it_was_sealed_and_nowhere_else() {
        FileKey file = key.fileKey(FileKind.JOURNAL, BOUND);
        byte[] plain = text("a piece of a file");
        byte[] sealed = new byte[plain.length + FileCipher.TAG_BYTES];
        file.cipher().seal(16, BOUND, ByteBuffer.wrap(plain), sealed, 0);
        byte[] target = new byte[sealed.length];

        assertThat(file.cipher().open(16, BOUND, ByteBuffer.wrap(sealed), target, 0)).isTrue();
        assertThat(Arrays.copyOf(target, plain.length)).isEqualTo(plain);
        assertThat(file.cipher().open(32, BOUND, ByteBuffer.wrap(sealed), target, 0)).isFalse();
        assertThat(file.cipher().open(16, text("x"), ByteBuffer.wrap(sealed), target, 0)).isFalse();
        for (int length = 0; length < sealed.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(sealed, 0, length);
            assertThat(file.cipher().open(16, BOUND, cut, target, 0)).isFalse();
        }
    }

    @Test
    void a_piece_is_opened_where_it_lies() {
        FileKey file = key.fileKey(FileKind.JOURNAL, BOUND);
        byte[] plain = new byte[100_000];
        new Random(1).nextBytes(plain);
        byte[] window = new byte[200_000];
        file.cipher().seal(1, BOUND, ByteBuffer.wrap(plain), window, 33);
        ByteBuffer sealed = ByteBuffer.wrap(window, 33, plain.length + FileCipher.TAG_BYTES);

        assertThat(file.cipher().open(1, BOUND, sealed, window, 33)).isTrue();

        assertThat(Arrays.copyOfRange(window, 33, 33 + plain.length)).isEqualTo(plain);
    }

    // --- the keys of a stream ---

    @Test
    void keys_that_are_not_used_any_more_are_still_found() {
        StreamKeys keys = StreamKeys.none();
        assertThat(keys.any()).isFalse();
        assertThat(keys.current()).isNull();

        keys.encryptWith(key);
        DataKey next = DataKey.draw(4, entropy);
        keys.encryptWith(next);
        keys.encryptNoMore();

        assertThat(keys.any()).isTrue();
        assertThat(keys.current()).isNull();
        assertThat(keys.find(3)).isSameAs(key);
        assertThat(keys.find(4)).isSameAs(next);
        assertThat(keys.find(5)).isNull();
    }
}
