/**
 * Components: everything that one version of a definition puts into a lane. A definition that
 * splits nothing gets the splitter {@code WholeRecords}, which gives each record back as its only
 * part.
 *
 * <p>Made by the daemon from settings. Uses {@code config}, {@code record} and the ports.
 */
package io.delivery.lane.components;
