/**
 * Control: delivery streams that callers of the API define.
 *
 * <p>{@link io.delivery.api.control.ApiDefinition} is a stream as the API says it, completed by the
 * API's defaults: what is kept on disk, and what Describe shows. {@link
 * io.delivery.api.control.DefinitionReader} makes of it the definition that the engine runs. Takes
 * documents that keep the API's model, and refuses what breaks a rule beyond it. Knows no HTTP and
 * no disk.
 */
package io.delivery.api.control;
