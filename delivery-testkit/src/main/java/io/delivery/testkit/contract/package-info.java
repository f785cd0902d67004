/**
 * Contract: what every implementation of a port must do, as abstract tests.
 *
 * <p>A test class per implementation extends the suite and says how one is made. Where an
 * implementation must deviate, it overrides the test and writes the reason down.
 */
package io.delivery.testkit.contract;
