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
        return new Run(defaults, Names.OF_AWS, files).read();
    }

    /**
     * Makes streams of files for a configuration.
     *
     * @param config says what the names of buckets, functions and catalogs mean
     */
    public Imported read(List<ImportFile> files, DeliveryConfig config) {
        return new Run(config, Names.OF_THE_CONFIGURATION, files).read();
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
     * @param region where it is, or what stands for that
     */
    private record Candidate(
            SourceStream source, ObjectNode request, MemberFit fit, String region) {
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
        private final List<ImportFile> files;
        private final Holes holes;
        private final List<Finding> findings = new ArrayList<>();
        private final Map<String, String> placesByName = new HashMap<>();

        Run(DeliveryConfig surroundings, Names named, List<ImportFile> files) {
            this.surroundings = surroundings;
            this.named = named;
            this.files = files;
            this.holes = new Holes(files);
            surroundings
                    .streams()
                    .forEach(s -> placesByName.put(folded(s.name()), "the configuration"));
        }

        private static String folded(String name) {
            return name.toLowerCase(Locale.ROOT);
        }

        Imported read() {
            List<Candidate> accepted = new ArrayList<>();
            for (ImportFile file : files) {
                Source source = SourceFiles.read(file);
                findings.addAll(source.findings());
                source.streams().forEach(stream -> accepted(stream).ifPresent(accepted::add));
            }
            if (accepted.isEmpty()) {
                return new Imported(0, "", findings);
            }
            return switch (named) {
                case OF_THE_CONFIGURATION -> ofConfiguration(accepted);
                case OF_AWS -> ofAws(accepted);
            };
        }

        private String made() {
            return "Made by delivery import from "
                    + files.stream().map(ImportFile::name).collect(Collectors.joining(", "));
        }

        private Imported ofConfiguration(List<Candidate> accepted) {
            List<StreamDefinition> definitions = new ArrayList<>();
            for (Candidate candidate : accepted) {
                ConfiguredNames names = new ConfiguredNames(surroundings, holes);
                ObjectNode request = names.named(candidate.request());
                StreamDefinition definition = definition(candidate, request, names.config());
                definitions.add(definition);
                tell(candidate, definition, surroundings);
                names.findings(definition).forEach(finding -> findings.add(told(finding)));
            }
            ImportText text = new ImportText(holes, definitions, findings);
            text.tellProblems(surroundings);
            return new Imported(accepted.size(), text.streams(made()), text.findings());
        }

        private Imported ofAws(List<Candidate> accepted) {
            AwsNames names = new AwsNames(holes);
            List<ObjectNode> requests = accepted.stream().map(c -> named(c, names)).toList();
            DeliveryConfig config = config(names);
            List<StreamDefinition> definitions = new ArrayList<>();
            for (int i = 0; i < accepted.size(); i++) {
                StreamDefinition definition = definition(accepted.get(i), requests.get(i), config);
                definitions.add(definition);
                tell(accepted.get(i), definition, config);
            }
            ImportText text = new ImportText(holes, definitions, findings);
            text.tellProblems(Encryption.withKey(config)); // it gets one
            return new Imported(accepted.size(), text.whole(made(), names), text.findings());
        }

        /** A stream that the API would take under a name that is free; why not is a finding. */
        private Optional<Candidate> accepted(SourceStream stream) {
            try {
                Candidate candidate = candidate(stream);
                require(candidate);
                String before = placesByName.putIfAbsent(folded(stream.name()), stream.place());
                if (before != null) {
                    throw new MisfitException(
                            stream.place(),
                            "there is a stream %s already: %s".formatted(stream.name(), before));
                }
                return Optional.of(candidate);
            } catch (MisfitException refused) {
                findings.add(told(refused.finding()));
            } catch (ApiException refused) {
                findings.add(
                        told(new Finding(Kind.NOT_IMPORTED, stream.place(), refused.getMessage())));
            }
            return Optional.empty();
        }

        private Finding told(Finding finding) {
            return new Finding(finding.kind(), finding.place(), holes.told(finding.message()));
        }

        /** Spells a stream as the API does. */
        private Candidate candidate(SourceStream stream) throws MisfitException {
            Unavailable.refuse(stream);
            MemberFit fit = new MemberFit(stream, holes);
            ObjectNode fitted = fit.fit(shape);
            byte[] bytes = fitted.toString().getBytes(StandardCharsets.UTF_8);
            ObjectNode request = requests.read(bytes, 0, bytes.length);
            String region = holes.text(stream.region(), stream.scope(), stream.scope());
            return new Candidate(stream, request, fit, region);
        }

        /** Each alone: what another one means does not matter. */
        private void require(Candidate candidate) {
            switch (named) {
                case OF_THE_CONFIGURATION -> {
                    ConfiguredNames names = new ConfiguredNames(surroundings, holes);
                    ObjectNode request = names.named(candidate.request());
                    definition(candidate, request, names.config());
                }
                case OF_AWS -> {
                    AwsNames names = new AwsNames(holes);
                    ObjectNode request = named(candidate, names);
                    definition(candidate, request, config(names));
                }
            }
        }

        private static ObjectNode named(Candidate candidate, AwsNames names) {
            return names.named(candidate.request(), candidate.region());
        }

        private DeliveryConfig config(AwsNames names) {
            return new DeliveryConfig(
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
        }

        private StreamDefinition definition(
                Candidate candidate, ObjectNode request, DeliveryConfig config) {
            RequestRules.requireCreatable(request);
            Resolver resolver = resolvers.apply(Encryption.withKey(config));
            return DefinitionReader.accept(
                    resolver, candidate.source().name(), ApiDefinition.of(request));
        }

        /** What there is to say of a stream that is imported. */
        private void tell(Candidate candidate, StreamDefinition definition, DeliveryConfig config) {
            findings.addAll(candidate.source().findings());
            findings.addAll(candidate.fit().findings());
            findings.addAll(
                    Leftovers.of(candidate.request(), candidate::place, surroundings.masterKeys()));
            Optional<String> region =
                    Optional.of(candidate.region()).filter(known -> !holes.areIn(known));
            TableFindings.of(candidate.request(), candidate::place, definition, config, region)
                    .forEach(finding -> findings.add(told(finding)));
        }
    }
}
