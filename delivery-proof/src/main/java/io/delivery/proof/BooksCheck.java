package io.delivery.proof;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.proof.BrokenPromises.Kind;
import io.delivery.proof.ProofReport.StreamReport;
import java.util.Map;
import java.util.Optional;

/** Compares the books of a stream, as the program tells them, with what was found in the store. */
final class BooksCheck {
    private final BrokenPromises violations;

    /** The books of a stream when nothing is on its way any more. */
    record Books(JsonNode main, JsonNode backup) {}

    BooksCheck(BrokenPromises violations) {
        this.violations = violations;
    }

    /** What is reported of a stream; a difference between its books and the store is told. */
    StreamReport report(OracleProducer producer, LakeReading reading, Map<String, Books> books) {
        LakeReading.Counts found = reading.counts();
        String title = producer.stream().title();
        boolean backup = producer.stream().hasBackup();
        boolean balanced = false;
        if (books.containsKey(title)) {
            balanced = balanced(title, found, books.get(title), backup);
        } else {
            violations.add(Kind.BOOKS, "%s: nobody could ask for them", title);
        }
        return new StreamReport(
                title,
                producer.acknowledged(),
                found.unanswered,
                producer.unavailable(),
                found.unansweredThere,
                found.records + found.split,
                found.mainParts,
                found.errorParts,
                found.droppedParts,
                backup ? Optional.of(found.backupRecords) : Optional.empty(),
                balanced);
    }

    /** Whether the program's books balance and say what is in the store. */
    private boolean balanced(
            String title, LakeReading.Counts found, Books books, boolean hasBackup) {
        boolean right =
                says(title, books.main(), "accepted", found.records)
                        & says(title, books.main(), "split", found.split)
                        & says(title, books.main(), "landed", found.mainParts)
                        & says(title, books.main(), "errorOutput", found.errorParts)
                        & says(title, books.main(), "damaged", 0)
                        & says(title, books.main(), "dropped", found.droppedParts)
                        & says(title, books.main(), "buffered", 0)
                        & balances(title, books.main());
        if (hasBackup) {
            right &=
                    says(title, books.backup(), "accepted", found.records)
                            & says(title, books.backup(), "landed", found.backupRecords)
                            & says(title, books.backup(), "buffered", 0)
                            & balances(title, books.backup());
        }
        return right;
    }

    private boolean says(String title, JsonNode books, String term, long found) {
        long said = books.path(term).asLong(-1);
        if (said != found) {
            violations.add(Kind.BOOKS, "%s: %s is %d, and %d were found", title, term, said, found);
        }
        return said == found;
    }

    private boolean balances(String title, JsonNode books) {
        boolean balanced = books.path("balanced").asBoolean();
        if (!balanced) {
            violations.add(Kind.BOOKS, "%s: %s", title, books);
        }
        return balanced;
    }
}
