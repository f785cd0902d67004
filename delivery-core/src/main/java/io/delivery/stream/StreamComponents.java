package io.delivery.stream;

import io.delivery.lane.components.LaneComponents;
import java.util.Optional;

/** The components of all lanes of one version of a definition. */
public record StreamComponents(LaneComponents main, Optional<LaneComponents> backup) {}
