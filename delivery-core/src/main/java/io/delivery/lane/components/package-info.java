/**
 * Components: everything that one version of a definition puts into a lane, and the splitter that
 * makes one part of each record.
 *
 * <p>Made by the daemon from settings. Uses {@code config}, {@code record} and the ports.
 */
package io.delivery.lane.components;
