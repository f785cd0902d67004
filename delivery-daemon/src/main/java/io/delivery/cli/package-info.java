/**
 * CLI: one class per command of the program.
 *
 * <p>A command reads its arguments, calls a room, prints for a person or, with {@code --json}, for
 * a machine, and answers one of {@link io.delivery.cli.ExitCodes}. What a command needs from
 * outside it is given: {@code wiring} constructs the commands.
 */
package io.delivery.cli;
