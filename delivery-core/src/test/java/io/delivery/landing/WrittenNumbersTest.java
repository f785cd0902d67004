package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Doubt;
import io.delivery.landing.LaneRecord.End;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.Landed;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Redirect;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Skip;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.landing.LaneRecord.Voided;
import io.delivery.record.Failure;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The numbers that stand for something in a lane's state and ledger: they outlive the program. */
class WrittenNumbersTest {
    private static final Path PAGE = Path.of("..", "docs", "formats", "lane-state.md");

    /** Where the kind stands in an object record: behind type, range start and number. */
    private static final int KIND_AT = 1 + Long.BYTES + Integer.BYTES;

    /** One of each type, with values that differ. */
    private static final Map<LaneRecordType, LaneRecord> EXAMPLES =
            new EnumMap<>(
                    Map.ofEntries(
                            Map.entry(LaneRecordType.OWN, new Own("00ff", 3, -4, "0.1.0", false)),
                            Map.entry(
                                    LaneRecordType.SNAPSHOT,
                                    new Snapshot(1, 20, 20, new Totals(1, 2, 3, 4, 5, 0, 6, 7))),
                            Map.entry(LaneRecordType.OBJECT, object(Kind.MAIN)),
                            Map.entry(LaneRecordType.UPLOAD, new Upload(20, 0, "an id")),
                            Map.entry(
                                    LaneRecordType.SEAL, new Seal(20, 25, "flush", 1, 2, 3, 4, 5)),
                            Map.entry(
                                    LaneRecordType.COMMIT,
                                    new Commit(20, 25, 99, List.of("etag", "", "void"))),
                            Map.entry(LaneRecordType.VOID, new Voided(20, 0, "rotten")),
                            Map.entry(LaneRecordType.DOUBT, new Doubt(20, 0, "another ETag")),
                            Map.entry(LaneRecordType.END, new End(25)),
                            Map.entry(
                                    LaneRecordType.REDIRECT,
                                    new Redirect(
                                            20, 0, "other", new ObjectName("b", "ö/k"), "asked")),
                            Map.entry(LaneRecordType.SKIP, new Skip(20, 0, "Code", "a reason")),
                            Map.entry(
                                    LaneRecordType.SNAPSHOT_WITH_ABSENT,
                                    new Snapshot(1, 20, 20, new Totals(1, 2, 3, 4, 5, 8, 6, 7))),
                            Map.entry(
                                    LaneRecordType.SEAL_WITH_ABSENT,
                                    new Seal(20, 25, "flush", 1, 2, 3, 4, 5, 2)),
                            Map.entry(LaneRecordType.LANDED, new Landed(20, 1, "\"etag\"")),
                            Map.entry(
                                    LaneRecordType.OWN_WITH_MARK,
                                    new Own("00ff", 3, -4, "0.1.0", true))));

    private static ObjectRecord object(Kind kind) {
        SequenceList.Builder list = new SequenceList.Builder();
        list.add(20, 0, true);
        list.add(22, 1, false);
        return new ObjectRecord(
                20,
                0,
                kind,
                3,
                "json/1",
                "lake",
                new ObjectName("bucket", "ä/key"),
                new ObjectAttributes("mark", 2, "gzip"),
                new StagedBytes("file", 10, 20, -30),
                40,
                list.build());
    }

    private static byte[] encoded(LaneRecord record) {
        return LaneRecordCodec.encode(List.of(record));
    }

    private static List<LaneRecord> decoded(byte... payload) throws IOException {
        return LaneRecordCodec.decode(payload, payload.length);
    }

    @Test
    void no_two_types_of_records_and_no_two_kinds_of_objects_share_a_number() {
        assertThat(LaneRecordType.values())
                .extracting(LaneRecordType::code)
                .doesNotHaveDuplicates()
                .allMatch(code -> 0 <= code && code <= Byte.MAX_VALUE);
        assertThat(Kind.values())
                .extracting(Kind::code)
                .doesNotHaveDuplicates()
                .allMatch(code -> 0 <= code && code <= Byte.MAX_VALUE);
        assertThat(Kind.values()).extracting(Kind::word).doesNotHaveDuplicates();
    }

    @Test
    void a_record_of_each_type_begins_with_its_number_and_comes_back_as_it_was()
            throws IOException {
        assertThat(EXAMPLES.keySet()).containsExactly(LaneRecordType.values());
        assertThat(EXAMPLES.values().stream().<Class<?>>map(Object::getClass).distinct())
                .as("an example of each record, and of nothing else")
                .containsExactlyInAnyOrderElementsOf(records(LaneRecord.class).toList());

        for (LaneRecordType type : LaneRecordType.values()) {
            byte[] payload = encoded(EXAMPLES.get(type));

            assertThat(payload[0]).as("%s", type).isEqualTo((byte) type.code());
            assertThat(decoded(payload)).containsExactly(EXAMPLES.get(type));
        }
    }

    private static Stream<Class<?>> records(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(type -> type.isRecord() ? Stream.of(type) : records(type));
    }

    @Test
    void an_object_of_each_kind_comes_back_as_it_was() throws IOException {
        for (Kind kind : Kind.values()) {
            byte[] payload = encoded(object(kind));

            assertThat(payload[KIND_AT]).isEqualTo((byte) kind.code());
            assertThat(decoded(payload)).containsExactly(object(kind));
        }
    }

    @Test
    void a_type_that_is_free_is_refused_by_its_number_and_not_skipped() {
        List<Integer> taken =
                Arrays.stream(LaneRecordType.values()).map(LaneRecordType::code).toList();
        for (int code = Byte.MIN_VALUE; code <= Byte.MAX_VALUE; code++) {
            byte type = (byte) code;
            if (!taken.contains(code)) {
                assertThatThrownBy(() -> decoded(type, (byte) 0, (byte) 0))
                        .isInstanceOf(UnknownCodeException.class)
                        .hasMessage(
                                "it has a record of type %d, which this program does not know: a"
                                        + " newer one wrote it",
                                code);
            }
        }
    }

    @Test
    void a_kind_that_is_free_is_refused_by_its_number_and_not_skipped() {
        List<Integer> taken = Arrays.stream(Kind.values()).map(Kind::code).toList();
        byte[] payload = encoded(object(Kind.MAIN));
        for (int code = Byte.MIN_VALUE; code <= Byte.MAX_VALUE; code++) {
            payload[KIND_AT] = (byte) code;
            if (!taken.contains(code)) {
                assertThatThrownBy(() -> decoded(payload))
                        .isInstanceOf(UnknownCodeException.class)
                        .hasMessage(
                                "it has an object of kind %d, which this program does not know: a"
                                        + " newer one wrote it",
                                code);
            }
        }
    }

    /** They are in files that users have: none may change, and none may be given anew. */
    @Test
    void what_has_a_number_keeps_it() {
        assertThat(LaneRecordType.values())
                .extracting(type -> type.code() + " " + type)
                .contains(
                        "1 OWN",
                        "2 SNAPSHOT",
                        "3 OBJECT",
                        "4 UPLOAD",
                        "5 SEAL",
                        "6 COMMIT",
                        "7 VOID",
                        "8 DOUBT",
                        "9 END",
                        "10 SNAPSHOT_WITH_ABSENT",
                        "11 SEAL_WITH_ABSENT",
                        "12 REDIRECT",
                        "13 SKIP",
                        "14 LANDED");
        assertThat(Kind.values())
                .extracting(kind -> kind.code() + " " + kind.word())
                .contains(
                        "0 main",
                        "1 backup",
                        "2 processing-failed",
                        "3 format-conversion-failed",
                        "4 decompression-failed");
    }

    @Test
    void the_page_of_the_format_lists_every_number_and_those_that_are_free() throws IOException {
        String page = Files.readString(PAGE);
        int lastType = 0;
        for (LaneRecordType type : LaneRecordType.values()) {
            String word = type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            assertThat(page)
                    .contains("**%d %s** – ".formatted(type.code(), word))
                    .contains("| %d | %s |".formatted(type.code(), word));
            lastType = Math.max(lastType, type.code());
        }
        int lastKind = 0;
        for (Kind kind : Kind.values()) {
            assertThat(page).contains("\n| %d | %s | ".formatted(kind.code(), kind.word()));
            lastKind = Math.max(lastKind, kind.code());
        }
        assertThat(page)
                .contains("Types %d to 127 are free".formatted(lastType + 1))
                .contains("Kinds %d to 127 are free".formatted(lastKind + 1));
    }

    @Test
    void an_object_is_of_the_error_output_when_its_records_failed_and_only_then() {
        for (Failure.Kind failure : Failure.Kind.values()) {
            assertThat(Kind.of(failure).failure()).contains(failure);
            assertThat(Kind.of(failure).word()).isEqualTo(failure.errorOutputType());
        }
        assertThat(Kind.values())
                .filteredOn(Kind::isError)
                .hasSameSizeAs(Failure.Kind.values())
                .doesNotContain(Kind.MAIN, Kind.BACKUP);
    }

    @Test
    void lengths_that_do_not_fit_are_refused() {
        byte[] text = encoded(new Upload(0, 0, "x"));
        byte[] answers = encoded(new Commit(0, 1, 2, List.of()));
        text[KIND_AT] = 127;
        answers[answers.length - Integer.BYTES] = (byte) 128;

        assertThatThrownBy(() -> decoded(text)).hasMessageContaining("does not fit its record");
        assertThatThrownBy(() -> decoded(answers)).hasMessageContaining("does not fit its record");
    }
}
