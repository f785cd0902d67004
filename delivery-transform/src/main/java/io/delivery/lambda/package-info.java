/**
 * Lambda: Firehose's contract with transformation functions, over whatever runs them.
 *
 * <p>Takes batches of records; gives one outcome for each. Makes events of them, has a {@link
 * io.delivery.function.FunctionInvoker} invoke the function, tries again what may succeed later,
 * and reads the answers. Does not know where the function runs, and closes no invoker.
 */
package io.delivery.lambda;
