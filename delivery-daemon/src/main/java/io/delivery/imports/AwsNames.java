package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.RequestRules;
import io.delivery.config.BucketRule;
import io.delivery.config.CatalogDefinition;
import io.delivery.config.CatalogSettings;
import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.config.Glob;
import io.delivery.config.LambdaName;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreSettings;
import io.delivery.imports.Finding.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The stores, functions and catalogs that requests mean where no configuration says otherwise: S3,
 * Lambda and Glue of AWS themselves. Not thread-safe.
 */
final class AwsNames {
    private static final int MOST_OF_A_NAME = 60;

    private final Holes holes;
    private final Map<String, String> regionsByBucket = new LinkedHashMap<>();
    private final Map<Function, String> functions = new LinkedHashMap<>();
    private final Map<Catalog, String> catalogs = new LinkedHashMap<>();

    /**
     * A function of AWS Lambda.
     *
     * @param region of one that is told by its name; empty: its ARN has it
     */
    private record Function(String arn, Optional<String> region) {}

    private record Catalog(Optional<String> id, String region) {}

    AwsNames(Holes holes) {
        this.holes = holes;
    }

    /**
     * Has names for what a request means.
     *
     * @param request that keeps the model
     * @param region of the stream
     * @return the request with these names in the place of ARNs and ids
     */
    ObjectNode named(ObjectNode request, String region) {
        ObjectNode named = request.deepCopy();
        for (String member : List.of(Leftovers.EXTENDED, Leftovers.PLAIN)) {
            if (named.get(member) instanceof ObjectNode destination) {
                bucket(destination, region);
                if (RequestRules.hasBackup(destination)) {
                    bucket(destination.path("S3BackupConfiguration"), region);
                }
                if (RequestRules.processes(destination)) {
                    functions(destination, region);
                }
                if (RequestRules.converts(destination)) {
                    catalog(destination, region);
                }
            }
        }
        return named;
    }

    private void bucket(JsonNode place, String region) {
        String arn = place.path("BucketARN").asText("");
        if (!arn.isEmpty()) {
            regionsByBucket.putIfAbsent(arn.substring(arn.lastIndexOf(':') + 1), region);
        }
    }

    private void functions(JsonNode destination, String region) {
        for (ObjectNode parameter : LambdaParameters.of(destination)) {
            String arn = parameter.path("ParameterValue").asText();
            boolean known = LambdaName.parse(arn).isPresent() && !arn.startsWith("arn:");
            boolean hole = holes.areIn(arn); // what is filled in may be an ARN
            Function meant =
                    new Function(arn, known && !hole ? Optional.of(region) : Optional.empty());
            parameter.put(
                    "ParameterValue",
                    functions.computeIfAbsent(meant, function -> functionName(function.arn)));
        }
    }

    /** The last part of the ARN, without version or alias. */
    private String functionName(String arn) {
        String[] parts = arn.split(":", -1);
        String last = holes.withExpressions(parts.length > 6 ? parts[6] : parts[0]);
        String name =
                last.replaceFirst("(?i)\\.(invoke_)?arn$", "")
                        .replaceFirst(".*\\.", "")
                        .replaceAll("[^a-zA-Z0-9_-]+", "_");
        return free(name.isEmpty() ? "function" : name, functions.values());
    }

    private static String free(String wanted, Collection<String> taken) {
        String name = wanted.substring(0, Math.min(wanted.length(), MOST_OF_A_NAME));
        return Stream.iterate(1, n -> n + 1)
                .map(n -> n == 1 ? name : name + "-" + n)
                .filter(candidate -> !taken.contains(candidate))
                .findFirst()
                .orElseThrow();
    }

    private void catalog(JsonNode destination, String region) {
        JsonNode conversion = destination.path("DataFormatConversionConfiguration");
        if (conversion.path("SchemaConfiguration") instanceof ObjectNode schema) {
            Catalog meant =
                    new Catalog(
                            Optional.of(schema.path("CatalogId").asText())
                                    .filter(id -> !id.isEmpty()),
                            schema.path("Region").asText(region));
            String name = catalogs.get(meant);
            if (name == null) {
                name = free("glue", catalogs.values());
                catalogs.put(meant, name);
            }
            schema.put("CatalogId", name);
        }
    }

    // --- as settings ---

    private List<String> regions() {
        return regionsByBucket.values().stream().distinct().toList();
    }

    /** The name of the store of each region: those that are not known are counted. */
    private Map<String, String> storesByRegion() {
        List<String> regions = regions();
        Map<String, String> stores = new LinkedHashMap<>();
        for (String region : regions) {
            boolean known = regions.size() > 1 && !holes.areIn(region);
            stores.put(region, free(known ? "s3-" + region : "s3", stores.values()));
        }
        return stores;
    }

    List<StoreSettings> stores() {
        return storesByRegion().entrySet().stream()
                .map(
                        store ->
                                new StoreSettings(
                                        store.getValue(),
                                        new StoreDefinition.S3(
                                                Optional.empty(),
                                                store.getKey(),
                                                StoreDefinition.S3.defaultPathStyle(
                                                        Optional.empty()),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                StoreDefinition.S3.DEFAULT_CHECKSUMS,
                                                StoreDefinition.S3.DEFAULT_CHUNKED_ENCODING,
                                                StoreDefinition.S3.DEFAULT_SIGNED_BODIES,
                                                StoreDefinition.S3.DEFAULT_CONDITIONAL_WRITES,
                                                StoreDefinition.S3.DEFAULT_READ_BACK,
                                                StoreDefinition.S3.DEFAULT_ACL,
                                                StoreDefinition.S3.DEFAULT_ENCRYPTION,
                                                StoreDefinition.S3.DEFAULT_PART_SIZE_BYTES),
                                        false,
                                        false))
                .toList();
    }

    /** Needed where there are several stores. */
    List<BucketRule> buckets() {
        List<BucketRule> rules = new ArrayList<>();
        Map<String, String> stores = storesByRegion();
        if (stores.size() > 1) {
            regionsByBucket.forEach(
                    (bucket, region) ->
                            rules.add(new BucketRule(new Glob(bucket), stores.get(region))));
        }
        return rules;
    }

    List<FunctionSettings> functions() {
        List<FunctionSettings> all = new ArrayList<>();
        functions.forEach(
                (function, name) ->
                        all.add(
                                new FunctionSettings(
                                        name,
                                        new FunctionRunner.Lambda(
                                                function.arn,
                                                Optional.empty(),
                                                function.region,
                                                Optional.empty()),
                                        FunctionSettings.DEFAULT_TIMEOUT,
                                        FunctionSettings.DEFAULT_CONCURRENCY)));
        return all;
    }

    List<CatalogSettings> catalogs() {
        List<CatalogSettings> all = new ArrayList<>();
        catalogs.forEach(
                (meant, name) ->
                        all.add(
                                new CatalogSettings(
                                        name,
                                        new CatalogDefinition.Glue(
                                                Optional.empty(),
                                                meant.region,
                                                Optional.empty(),
                                                meant.id,
                                                CatalogDefinition.Glue.DEFAULT_REFRESH,
                                                CatalogDefinition.Glue.DEFAULT_STALE_IF_ERROR))));
        return all;
    }

    // --- as YAML ---

    /** The sections before the streams. */
    Map<String, Object> sections() {
        Map<String, Object> sections = new LinkedHashMap<>();
        Map<String, Object> stores = new LinkedHashMap<>();
        storesByRegion().forEach((region, name) -> stores.put(name, Map.of("s3", region(region))));
        sections.put("stores", stores);
        List<Object> rules = new ArrayList<>();
        for (BucketRule wanted : buckets()) {
            Map<String, Object> rule = new LinkedHashMap<>();
            rule.put("match", wanted.match().pattern());
            rule.put("store", wanted.store());
            rules.add(rule);
        }
        if (!rules.isEmpty()) {
            sections.put("buckets", rules);
        }
        Map<String, Object> invoked = new LinkedHashMap<>();
        functions.forEach(
                (function, name) -> {
                    Map<String, Object> settings = new LinkedHashMap<>();
                    settings.put("arn", function.arn);
                    function.region.ifPresent(region -> settings.put("region", region));
                    invoked.put(name, settings);
                });
        if (!invoked.isEmpty()) {
            sections.put("functions", invoked);
        }
        Map<String, Object> known = new LinkedHashMap<>();
        catalogs.forEach(
                (meant, name) -> {
                    Map<String, Object> glue = region(meant.region);
                    meant.id.ifPresent(id -> glue.put("catalogId", id));
                    known.put(name, Map.of("glue", glue));
                });
        if (!known.isEmpty()) {
            sections.put("catalogs", known);
        }
        return sections;
    }

    private static Map<String, Object> region(String region) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("region", region);
        return settings;
    }

    // --- as findings ---

    /** What somebody has to confirm or to give instead. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        storesByRegion()
                .values()
                .forEach(
                        store ->
                                findings.add(
                                        new Finding(
                                                Kind.FILL_IN,
                                                "stores." + store,
                                                "this is S3 of AWS with the credentials that the SDK finds; for another store give its endpoint and credentials")));
        functions
                .values()
                .forEach(
                        name ->
                                findings.add(
                                        new Finding(
                                                Kind.FILL_IN,
                                                "functions." + name,
                                                "AWS Lambda still runs it; to run its code here give runtime, code and handler in place of arn")));
        catalogs.values()
                .forEach(
                        name ->
                                findings.add(
                                        new Finding(
                                                Kind.FILL_IN,
                                                "catalogs." + name,
                                                "AWS Glue still has the tables; for tables in files give file in place of glue")));
        return findings;
    }
}
