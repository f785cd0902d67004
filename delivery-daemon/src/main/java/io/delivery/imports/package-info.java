/**
 * Imports: delivery streams as other programs describe them, and as YAML of this one.
 *
 * <p>A source (what {@code describe-delivery-stream} prints, a template of CloudFormation,
 * Terraform) becomes requests of the API's CreateDeliveryStream, which the API's own model and
 * rules read. Gives text, and a {@link io.delivery.imports.Finding} for each member that the text
 * does not say. Guesses nothing: a value that only the source's own program knows is a variable in
 * the text. Reads bytes that anybody may have written; knows no command and no disk.
 */
package io.delivery.imports;
