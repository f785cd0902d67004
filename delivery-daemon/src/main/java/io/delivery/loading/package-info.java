/**
 * Loading: YAML files to {@link io.delivery.config.DeliveryConfig}, keeping file and line.
 *
 * <p>Takes a file and the environment; gives a checked configuration, or every problem at once.
 * Each setting is declared once, as a {@link io.delivery.loading.Field}; the declaration feeds the
 * reader, the suggestions and the generated reference. Accepts nothing that it would ignore.
 */
package io.delivery.loading;
