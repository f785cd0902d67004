/**
 * Runtime: runs functions in processes of ours, which ask for events as those of AWS Lambda do.
 *
 * <p>Takes {@code FunctionSettings} and gives a {@code FunctionInvoker}. A {@link
 * io.delivery.runtime.Launcher} per runtime says how its processes are started. Uses {@code
 * function}, {@code config} and {@code world}. Knows nothing of what events and answers hold.
 */
package io.delivery.runtime;
