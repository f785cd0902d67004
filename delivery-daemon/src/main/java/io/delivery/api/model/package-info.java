/**
 * Model: what requests of the API may hold, as the published model of the service says it.
 *
 * <p>{@link io.delivery.api.model.ServiceModel} reads the model's data, a file beside this package;
 * {@link io.delivery.api.model.RequestReader} makes a document of a request's bytes and refuses
 * what breaks a constraint. The next version of the API is another file: no class is written for a
 * shape. Knows no stream and no HTTP.
 */
package io.delivery.api.model;
