package io.delivery.junit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A service with a folder as its store, for {@code @ExtendWith(DeliveryExtension.class)} on a
 * class: tests and their {@code @BeforeAll}, {@code @BeforeEach} take a {@link Delivery} as a
 * parameter. On a method only that test has a service.
 */
public final class DeliveryExtension
        implements BeforeAllCallback,
                AfterAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                ParameterResolver {
    private static final Namespace OURS = Namespace.create(DeliveryExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        delivery(context).beforeAll(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        delivery(context).afterAll(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        delivery(context).beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        delivery(context).afterEach(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Delivery.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return delivery(context);
    }

    /** One for the outermost class that has this extension, and all within it. */
    private static Delivery delivery(ExtensionContext context) {
        return context.getStore(OURS)
                .getOrComputeIfAbsent(
                        Delivery.class, first -> Delivery.withDirectory(), Delivery.class);
    }
}
