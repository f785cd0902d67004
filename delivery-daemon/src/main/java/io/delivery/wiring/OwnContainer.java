package io.delivery.wiring;

import io.delivery.cli.HostResources;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What commands that run a service need: a process that is a container's own. A command beside the
 * service of an image has a heap for commands, and a second service in the same memory would have
 * the first one killed.
 */
final class OwnContainer {
    private OwnContainer() {}

    /**
     * Lets such a command go on.
     *
     * @throws ParameterException when this process is a command beside a service: the message says
     *     what to do instead
     */
    static void require(HostResources host, CommandSpec spec) {
        if (host.besideService()) {
            throw new ParameterException(
                    spec.commandLine(),
                    ("%1$s runs a service, and java @delivery is for commands beside the service of a"
                                    + " container, with which they share its memory: start a container"
                                    + " of the image with the arguments %1$s …, or java @service %1$s …"
                                    + " in one that runs nothing else")
                            .formatted(spec.name()));
        }
    }
}
