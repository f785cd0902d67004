package io.delivery.config;

/**
 * Where schemas come from, by the name that streams use.
 *
 * @param definition what kind of catalog it is
 */
public record CatalogSettings(String name, CatalogDefinition definition) {
    void validate(ConfigProblems problems) {
        definition.validate("catalogs." + name, problems);
    }
}
