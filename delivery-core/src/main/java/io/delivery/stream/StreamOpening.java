package io.delivery.stream;

import io.delivery.config.Origin;
import io.delivery.config.StreamDefinition;
import io.delivery.engine.Engine;
import io.delivery.failure.FailureText;
import io.delivery.home.KeptStream;
import io.delivery.home.StreamFolder;
import io.delivery.home.StreamFolders;
import io.delivery.home.StreamHome;
import io.delivery.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens streams from what is on the disk, and closes one that cannot be opened with the reason:
 * damage of one stream is no matter of the others.
 */
final class StreamOpening {
    private static final Logger log = LoggerFactory.getLogger(StreamOpening.class);

    private final Engine engine;
    private final KeptDefinitions definitions;
    private volatile ComponentFactory components;

    StreamOpening(Engine engine, ComponentFactory components, KeptDefinitions definitions) {
        this.engine = engine;
        this.definitions = definitions;
        this.components = withKept(components);
    }

    /** Makes what definitions name from now on. */
    void components(ComponentFactory next) {
        components = withKept(next);
    }

    ComponentFactory components() {
        return components;
    }

    /** A lane that was switched off is drained under the last version that had it. */
    ComponentFactory withKept(ComponentFactory factory) {
        return new ComponentFactory() {
            @Override
            public StreamComponents components(StreamDefinition definition) {
                return factory.components(definition);
            }

            @Override
            public Map<String, Log> logs(StreamDefinition definition) {
                return factory.logs(definition);
            }

            @Override
            public StreamComponents componentsOf(KeptStream old, int version) {
                try {
                    StreamDefinition definition = definitions.read(old).definition();
                    return factory.components(definition.withVersion(version));
                } catch (DefinitionRefusedException refused) {
                    throw new IllegalArgumentException(
                            "stream %s has a lane that was switched off and not drained, and version %d of its definition cannot be used to drain it: %s"
                                    .formatted(old.name(), version, refused.getMessage()),
                            refused);
                }
            }
        };
    }

    /** Every directory of a stream, by the keys of the streams' names; they are there durably. */
    Map<String, List<StreamFolder>> look() throws IOException {
        StreamFolders.confirm(engine.dataDirectory(), engine.world().disk());
        Map<String, List<StreamFolder>> found = new TreeMap<>();
        for (StreamFolder folder : StreamFolders.all(engine.dataDirectory(), engine.world())) {
            if (!(folder instanceof StreamFolder.Deleted)) {
                found.computeIfAbsent(StreamFolders.key(folder.name()), key -> new ArrayList<>())
                        .add(folder);
            }
        }
        return found;
    }

    /**
     * Looks whether the master keys are those that the streams' keys were wrapped with, before
     * anything is changed.
     *
     * @throws DefinitionRefusedException with every stream whose keys they do not unwrap
     */
    void requireKeys(Collection<List<StreamFolder>> found) {
        List<String> reasons = new ArrayList<>();
        for (List<StreamFolder> folders : found) {
            folders.forEach(
                    folder -> StreamDataKeys.whyNotOpen(engine, folder).ifPresent(reasons::add));
        }
        if (!reasons.isEmpty()) {
            throw new DefinitionRefusedException(reasons);
        }
    }

    /** The directories that are to be removed. */
    List<Path> deleted() throws IOException {
        return StreamFolders.deleted(engine.dataDirectory(), engine.world().disk());
    }

    /**
     * A stream that nobody configures, as its directory tells it; not open.
     *
     * @param folders at least one
     */
    RegisteredStream kept(List<StreamFolder> folders) {
        StreamFolder folder = folders.get(0);
        Origin origin =
                folder instanceof StreamFolder.Kept kept
                        ? kept.stream().origin()
                        : ((StreamFolder.Damaged) folder).origin();
        RegisteredStream stream =
                new RegisteredStream(engine, folder.name(), origin, Optional.empty());
        if (folder instanceof StreamFolder.Damaged) {
            stream.namedByItsDirectory();
        }
        return stream;
    }

    /**
     * Opens a stream, or closes it with the reason: damage, a disk that refuses, and a defect of
     * the program concern this stream alone.
     *
     * @param folders its directories; none when there was never a record
     * @throws IllegalArgumentException when its definition or the configuration is to blame: an
     *     operator must decide, and that is a matter of the whole configuration
     */
    void open(RegisteredStream stream, List<StreamFolder> folders) {
        try {
            stream.configured().ifPresent(stream::defined);
            StreamHome home = home(stream, folders);
            home.confirm();
            stream.home(home);
            DefinedStream defined =
                    stream.configured().isPresent() ? stream.configured().get() : kept(home.kept());
            stream.defined(defined);
            stream.tags(tags(home));
            if (home.origin() == Origin.API) {
                stream.encryption(StreamEncryption.ofClosed(engine, home, defined.definition()));
            }
            stream.open(DeliveryStream.open(engine, home, defined, components));
        } catch (IllegalArgumentException refused) {
            throw refused;
        } catch (IOException failed) {
            close(stream, failed);
        } catch (RuntimeException defect) {
            log.error("stream not opened: stream={}", stream.name(), defect);
            close(stream, new IOException("a defect of the program: " + defect, defect));
        }
    }

    /** Tags change nothing that lands: a file of them that is damaged keeps no stream closed. */
    private static Optional<String> tags(StreamHome home) {
        try {
            return home.tags();
        } catch (IOException damaged) {
            log.error(
                    "tags of a stream are lost, those of its creation are shown: error={}",
                    FailureText.of(damaged));
            return Optional.empty();
        }
    }

    /**
     * What a caller of the API has asked for, as the configuration in force reads it: it may be
     * another one than that with which the call was read.
     *
     * @throws DefinitionRefusedException when it cannot be used any more
     */
    DefinedStream inForce(DefinedStream asked) {
        StreamDefinition read = asked.definition();
        return definitions.read(
                new KeptStream(
                        read.name(), Origin.API, read.version(), asked.document(), Path.of("")));
    }

    private DefinedStream kept(KeptStream stream) {
        try {
            return definitions.read(stream);
        } catch (DefinitionRefusedException refused) {
            List<String> reasons = new ArrayList<>();
            reasons.add(
                    stream.origin() == Origin.API
                            ? "stream %s was made through the API, and its definition cannot be used any more:"
                                    .formatted(stream.name())
                            : "stream %s is not configured any more and still has a directory, and its last definition cannot be used to drain it:"
                                    .formatted(stream.name()));
            reasons.addAll(refused.reasons());
            throw new DefinitionRefusedException(reasons);
        }
    }

    private StreamHome home(RegisteredStream stream, List<StreamFolder> folders)
            throws IOException {
        return folders.isEmpty()
                ? StreamHome.fresh(
                        engine.dataDirectory(), stream.name(), stream.origin(), engine.world())
                : StreamHome.among(folders, stream.name(), engine.world());
    }

    static void close(RegisteredStream stream, Exception failed) {
        String reason = FailureText.of(failed);
        if (!reason.equals(stream.reason())) {
            log.error("stream closed: stream={} error={}", stream.name(), reason);
        }
        stream.close(reason);
    }
}
