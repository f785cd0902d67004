package io.delivery.crypt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that others have published. */
class KnownAnswersTest {
    private static byte[] hex(String digits) {
        return digits == null ? new byte[0] : HexFormat.of().parseHex(digits);
    }

    /** RFC 5869, appendices A.1 to A.3: the first 32 bytes of each OKM. */
    @ParameterizedTest
    @CsvSource({
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5,"
                + "f0f1f2f3f4f5f6f7f8f9,"
                + "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244,"
                + "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
                + "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
                + "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff,"
                + "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c",
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04,,"
                + "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    })
    void hkdf_expands_as_rfc_5869_says(String key, String info, String expected) {
        assertThat(Hkdf.expand(hex(key), hex(info))).isEqualTo(hex(expected));
    }

    /** McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 to 16. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000000000000000000000000000000000000000000000000000,"
                + "000000000000000000000000,,,530f8afbc74536b9a963b4f1c4cb738b",
        "0000000000000000000000000000000000000000000000000000000000000000,"
                + "000000000000000000000000,,00000000000000000000000000000000,"
                + "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308,"
                + "cafebabefacedbaddecaf888,feedfacedeadbeeffeedfacedeadbeefabaddad2,"
                + "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39,"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b"
    })
    void aes_256_gcm_answers_as_published(
            String key, String nonce, String bound, String plain, String expected) {
        SecretKeySpec secret = new SecretKeySpec(hex(key), "AES");
        byte[] tied = hex(bound);
        byte[] bytes = hex(plain);
        byte[] sealed = new byte[bytes.length + GcmCipher.TAG_BYTES];
        GcmCipher cipher = new GcmCipher();

        cipher.seal(secret, hex(nonce), tied, tied.length, ByteBuffer.wrap(bytes), sealed, 0);

        assertThat(sealed).isEqualTo(hex(expected));
        byte[] opened = new byte[bytes.length];
        assertThat(
                        cipher.open(
                                secret,
                                hex(nonce),
                                tied,
                                tied.length,
                                ByteBuffer.wrap(sealed),
                                opened,
                                0))
                .isTrue();
        assertThat(opened).isEqualTo(bytes);
    }
}
