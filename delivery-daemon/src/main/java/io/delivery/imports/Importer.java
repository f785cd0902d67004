package io.delivery.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.api.control.RequestRules;
import io.delivery.api.control.Resolver;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import io.delivery.api.model.Shape;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.Limits;
import io.delivery.config.LogSettings;
import io.delivery.config.ServerSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.imports.Finding.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes YAML of streams that other programs describe. Each becomes a request of
 * CreateDeliveryStream, which the API's model and rules accept or refuse as they do when a caller
 * sends it; what they make of it is written down. Thread-safe.
 */
public final class Importer {
    private static final String CREATE = "CreateDeliveryStream";

    private final Function<DeliveryConfig, Resolver> resolvers;
    private final Shape.Structure shape;
    private final RequestReader requests;

    /**
     * @param resolvers what names mean in a configuration
     */
    public Importer(Function<DeliveryConfig, Resolver> resolvers) {
        ServiceModel model = ServiceModel.firehose();
        this.resolvers = resolvers;
        this.shape = model.input(CREATE);
        this.requests = RequestReader.of(model, CREATE).refusingUnknown();
    }

    /** Makes a whole configuration of files: their streams use S3, Lambda and Glue of AWS. */
    public Imported read(List<ImportFile> files) {
        Path here = Path.of("").toAbsolutePath();
        DeliveryConfig defaults =
                new DeliveryConfig(
                        ServerSettings.DEFAULTS,
                        here.resolve(DeliveryConfig.DEFAULT_DATA_DIR),
                        Limits.DEFAULTS,
                        LogSettings.DEFAULTS,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        here.resolve(DeliveryConfig.DEFAULT_PLUGINS),
                        List.of(),
                        List.of(),
                        List.of());
        return new Run(defaults, Names.OF_AWS).read(files);
    }

    /**
     * Makes streams of files for a configuration.
     *
     * @param config says what the names of buckets, functions and catalogs mean
     */
    public Imported read(List<ImportFile> files, DeliveryConfig config) {
        return new Run(config, Names.OF_THE_CONFIGURATION).read(files);
    }

    /** What names mean. */
    private enum Names {
        /** What the configuration says; the YAML has streams only. */
        OF_THE_CONFIGURATION,
        /** S3, Lambda and Glue of AWS; the YAML is a whole configuration. */
        OF_AWS
    }

    /**
     * A stream on its way.
     *
     * @param request that keeps the model
     */
    private record Candidate(SourceStream source, ObjectNode request, MemberFit fit) {
        String place(String path) {
            for (String at = path; ; at = at.substring(0, cut(at))) {
                String known = fit.places().get(at);
                if (known != null) {
                    return known + path.substring(at.length());
                }
            }
        }

        private static int cut(String path) {
            return Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('[')));
        }
    }

    /** One import. */
    private final class Run {
        private final DeliveryConfig surroundings;
        private final Names named;
        private final Holes holes = new Holes();
        private final List<Finding> findings = new ArrayList<>();
        private final Map<String, String> placesByName = new HashMap<>();

        Run(DeliveryConfig surroundings, Names named) {
            this.surroundings = surroundings;
            this.named = named;
            surroundings
                    .streams()
                    .forEach(s -> placesByName.put(folded(s.name()), "the configuration"));
        }

        private static String folded(String name) {
            return name.toLowerCase(Locale.ROOT);
        }

        Imported read(List<ImportFile> files) {
            List<Candidate> candidates = new ArrayList<>();
            for (ImportFile file : files) {
                Source source = SourceFiles.read(file);
                findings.addAll(source.findings());
                source.streams().forEach(stream -> candidate(stream).ifPresent(candidates::add));
            }
            List<Candidate> accepted = candidates.stream().filter(this::isAccepted).toList();
            if (accepted.isEmpty()) {
                return new Imported(0, "", findings);
            }
            AwsNames names = new AwsNames(holes);
            List<ObjectNode> requests = named(accepted, names);
            DeliveryConfig config = config(names);
            List<StreamDefinition> definitions = new ArrayList<>();
            for (int i = 0; i < accepted.size(); i++) {
                String name = accepted.get(i).source().name();
                definitions.add(definition(name, requests.get(i), config));
                tell(accepted.get(i));
            }
            ImportText text = new ImportText(holes, definitions, findings);
            switch (named) {
                case OF_THE_CONFIGURATION -> text.tellProblems(config);
                case OF_AWS -> text.tellProblems(Encryption.withKey(config)); // it gets one
            }
            String made =
                    "Made by delivery import from "
                            + files.stream()
                                    .map(ImportFile::name)
                                    .collect(Collectors.joining(", "));
            String yaml =
                    switch (named) {
                        case OF_THE_CONFIGURATION -> text.streams(made);
                        case OF_AWS -> text.whole(made, names);
                    };
            return new Imported(accepted.size(), yaml, text.findings());
        }

        /** Spells a stream as the API does, or says why it cannot be imported. */
        private Optional<Candidate> candidate(SourceStream stream) {
            try {
                String before = placesByName.putIfAbsent(folded(stream.name()), stream.place());
                if (before != null) {
                    throw new MisfitException(
                            stream.place(),
                            "there is a stream %s already: %s".formatted(stream.name(), before));
                }
                Unavailable.refuse(stream);
                MemberFit fit = new MemberFit(stream, holes);
                ObjectNode fitted = fit.fit(shape);
                byte[] bytes = fitted.toString().getBytes(StandardCharsets.UTF_8);
                ObjectNode request = requests.read(bytes, 0, bytes.length);
                return Optional.of(new Candidate(stream, request, fit));
            } catch (MisfitException refused) {
                findings.add(refused.finding());
            } catch (ApiException refused) {
                refused(stream.place(), refused);
            }
            return Optional.empty();
        }

        private void refused(String place, ApiException refused) {
            findings.add(new Finding(Kind.NOT_IMPORTED, place, holes.told(refused.getMessage())));
        }

        /** Each alone: what another one means does not matter. */
        private boolean isAccepted(Candidate candidate) {
            try {
                AwsNames names = new AwsNames(holes);
                ObjectNode request = named(List.of(candidate), names).get(0);
                definition(candidate.source().name(), request, config(names));
                return true;
            } catch (ApiException refused) {
                refused(candidate.source().place(), refused);
                return false;
            }
        }

        private List<ObjectNode> named(List<Candidate> candidates, AwsNames names) {
            return candidates.stream()
                    .map(
                            candidate ->
                                    switch (named) {
                                        case OF_THE_CONFIGURATION -> candidate.request();
                                        case OF_AWS ->
                                                names.named(
                                                        candidate.request(),
                                                        candidate.source().region());
                                    })
                    .toList();
        }

        private DeliveryConfig config(AwsNames names) {
            return switch (named) {
                case OF_THE_CONFIGURATION -> surroundings;
                case OF_AWS ->
                        new DeliveryConfig(
                                surroundings.server(),
                                surroundings.dataDir(),
                                surroundings.limits(),
                                surroundings.log(),
                                surroundings.masterKeys(),
                                names.stores(),
                                names.buckets(),
                                names.functions(),
                                surroundings.plugins(),
                                names.catalogs(),
                                surroundings.quotas(),
                                surroundings.streams());
            };
        }

        private StreamDefinition definition(
                String name, ObjectNode request, DeliveryConfig config) {
            RequestRules.requireCreatable(request);
            Resolver resolver = resolvers.apply(Encryption.withKey(config));
            return DefinitionReader.accept(resolver, name, ApiDefinition.of(request));
        }

        private void tell(Candidate candidate) {
            findings.addAll(candidate.source().findings());
            findings.addAll(candidate.fit().findings());
            findings.addAll(
                    Leftovers.of(candidate.request(), candidate::place, surroundings.masterKeys()));
        }
    }
}
