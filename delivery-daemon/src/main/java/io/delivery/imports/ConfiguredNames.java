package io.delivery.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.RequestRules;
import io.delivery.config.BackupSettings;
import io.delivery.config.BucketRule;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.config.LambdaName;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.imports.Finding.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The stores and functions of a configuration that requests mean when their names are not known: a
 * function that somebody has to name, and a store that somebody has to confirm. Not thread-safe.
 */
final class ConfiguredNames {
    private final DeliveryConfig config;
    private final Holes holes;
    private final Map<String, FunctionSettings> unknown = new LinkedHashMap<>();

    ConfiguredNames(DeliveryConfig config, Holes holes) {
        this.config = config;
        this.holes = holes;
    }

    /**
     * The request with functions as the configuration calls them: an ARN of which only the name is
     * known becomes the name, because account and region do not matter.
     *
     * @param request that keeps the model
     */
    ObjectNode named(ObjectNode request) {
        ObjectNode named = request.deepCopy();
        for (String member : List.of(Leftovers.EXTENDED, Leftovers.PLAIN)) {
            if (named.get(member) instanceof ObjectNode destination
                    && RequestRules.processes(destination)) {
                for (ObjectNode parameter : LambdaParameters.of(destination)) {
                    function(parameter.path("ParameterValue").asText())
                            .ifPresent(name -> parameter.put("ParameterValue", name));
                }
            }
        }
        return named;
    }

    /** The name of a function of which not everything is known; empty: it is read as it is. */
    private Optional<String> function(String arn) {
        if (!holes.areIn(arn)) {
            return Optional.empty();
        }
        String[] parts = arn.split(":", -1);
        String name = parts.length > 6 && parts[0].equals("arn") ? parts[6] : parts[0];
        if (LambdaName.parse(name).isEmpty()) {
            return Optional.empty();
        }
        if (holes.areIn(name)) {
            unknown.computeIfAbsent(
                    name,
                    stand ->
                            new FunctionSettings(
                                    stand,
                                    new FunctionRunner.Lambda(
                                            stand,
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty()),
                                    FunctionSettings.DEFAULT_TIMEOUT,
                                    FunctionSettings.DEFAULT_CONCURRENCY));
        }
        return Optional.of(name);
    }

    /** The configuration, with a function for each whose name is not known. */
    DeliveryConfig config() {
        List<FunctionSettings> functions = new ArrayList<>(config.functions());
        functions.addAll(unknown.values());
        return new DeliveryConfig(
                config.server(),
                config.dataDir(),
                config.limits(),
                config.log(),
                config.masterKeys(),
                config.stores(),
                config.buckets(),
                functions,
                config.plugins(),
                config.catalogs(),
                config.quotas(),
                config.streams());
    }

    /** What somebody has to name or to confirm in a stream that is made of a request. */
    List<Finding> findings(StreamDefinition definition) {
        List<Finding> findings = new ArrayList<>();
        String stream = "streams." + definition.name();
        DestinationSettings to = definition.destination();
        store(stream + ".destination", to.bucket(), to.store()).ifPresent(findings::add);
        Optional<BackupSettings> backup = definition.backup();
        backup.flatMap(kept -> store(stream + ".backup", kept.bucket(), kept.store()))
                .ifPresent(findings::add);
        Optional<String> function = definition.transform().function();
        function.filter(unknown::containsKey)
                .ifPresent(
                        name ->
                                findings.add(
                                        new Finding(
                                                Kind.FILL_IN,
                                                stream + ".processors",
                                                "which function of the configuration is meant is not known here: fill in its name under functions, and not its ARN")));
        return findings;
    }

    /** A rule may mean the name that is filled in, and not the stand-in. */
    private Optional<Finding> store(String path, String bucket, String store) {
        Set<String> possible =
                new TreeSet<>(config.buckets().stream().map(BucketRule::store).toList());
        config.defaultStore().map(StoreSettings::name).ifPresent(possible::add);
        if (!holes.areIn(bucket) || possible.size() < 2) {
            return Optional.empty();
        }
        return Optional.of(
                new Finding(
                        Kind.FILL_IN,
                        path + ".store",
                        "the name of the bucket decides which store it is in, and it is not known here: %s is written; write the one of %s that buckets says for the name"
                                .formatted(store, String.join(", ", possible))));
    }
}
