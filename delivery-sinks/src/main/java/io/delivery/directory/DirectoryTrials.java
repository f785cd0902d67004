package io.delivery.directory;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.ObjectStore.Landing.Landed;
import io.delivery.landing.ObjectStore.Landing.Occupied;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.world.Disk;
import io.delivery.world.Entropy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/** Tries a folder by landing a small object in it. */
final class DirectoryTrials {
    private final Disk disk;
    private final Entropy entropy;
    private final Path lake;
    private final Lander lander;
    private final Finder finder;
    private final List<Finding> findings = new ArrayList<>();

    DirectoryTrials(Disk disk, Entropy entropy, Path lake, Lander lander, Finder finder) {
        this.disk = disk;
        this.entropy = entropy;
        this.lake = lake;
        this.lander = lander;
        this.finder = finder;
    }

    List<Finding> run(String bucket, String prefix) {
        ObjectName name =
                new ObjectName(
                        bucket,
                        prefix
                                + "delivery-probe-"
                                + HexFormat.of().toHexDigits(entropy.nextLong()));
        Sample content = new Sample("written by check --online, may be removed\n");
        try {
            Landing landing = lander.land(content, name, content.attributes());
            if (!(landing instanceof Landed)) {
                refused("landing", landing);
                return findings;
            }
            find(Verdict.HONOURED, "landing", "a file was written, synced and linked", "");
            readBack(name, content);
            Landing second = lander.land(new Sample("another\n"), name, content.attributes());
            if (second instanceof Occupied) {
                find(Verdict.HONOURED, "second landing", "refused: the name is taken", "");
            } else {
                find(
                        Verdict.IGNORED,
                        "second landing",
                        "a link replaced a file: " + second,
                        "Use a local POSIX file system.");
            }
            disk.delete(ObjectFile.path(lake, name));
            find(Verdict.HONOURED, "delete", "the probe object was removed", "");
        } catch (IOException e) {
            find(
                    Verdict.REFUSED,
                    "landing",
                    e.toString(),
                    "The lake must be on a POSIX file system with hard links, writable for this"
                            + " process.");
        }
        return findings;
    }

    private void readBack(ObjectName name, Sample content) throws IOException {
        if (finder.find(name, content.attributes(), content).equals(Found.OURS)) {
            find(Verdict.HONOURED, "read back", "the same bytes", "");
        } else {
            find(
                    Verdict.CORRUPTED,
                    "read back",
                    "other bytes than were written",
                    "Check the disk before anything is written to it.");
        }
    }

    private void refused(String subject, Landing landing) {
        if (landing instanceof Denied denied) {
            find(Verdict.REFUSED, subject, denied.message(), denied.remedy());
        } else {
            find(
                    Verdict.REFUSED,
                    subject,
                    landing.toString(),
                    "The lake must be on a POSIX file system with hard links, writable for this"
                            + " process, with room.");
        }
    }

    private void find(Verdict verdict, String subject, String saw, String remedy) {
        findings.add(new Finding(verdict, subject, saw, remedy));
    }

    @FunctionalInterface
    interface Lander {
        Landing land(StagedContent content, ObjectName name, ObjectAttributes attributes)
                throws IOException;
    }

    @FunctionalInterface
    interface Finder {
        Found find(ObjectName name, ObjectAttributes attributes, StagedContent content)
                throws IOException;
    }

    private static final class Sample implements StagedContent {
        private final byte[] bytes;

        Sample(String text) {
            bytes = text.getBytes(StandardCharsets.UTF_8);
        }

        ObjectAttributes attributes() {
            return new ObjectAttributes("probe", 1, "");
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public int crc32() {
            CRC32 crc = new CRC32();
            crc.update(bytes);
            return (int) crc.getValue();
        }

        @Override
        public InputStream open(long offset, long length) {
            return new ByteArrayInputStream(bytes, (int) offset, (int) length);
        }
    }
}
