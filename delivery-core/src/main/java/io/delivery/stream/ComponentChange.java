package io.delivery.stream;

import io.delivery.config.StreamDefinition;

/**
 * Another configuration of what components are made with – stores, catalogs, and whatever else has
 * connections or a process of its own. It takes effect as a whole, when every stream can go over to
 * it, or not at all.
 */
public interface ComponentChange extends AutoCloseable {
    /** Makes components as they will be, also before that takes effect, and from then on. */
    ComponentFactory factory();

    /**
     * Whether what this definition names is another one from now on, so that the stream needs new
     * components although its definition stays. Stores are not meant: objects name theirs by its
     * name, and whoever sends them asks for the one of that moment.
     */
    boolean replaces(StreamDefinition definition);

    /** Every stream can go over: from now on this is in force. */
    void takeEffect();

    /** What was made for it is closed, unless it has taken effect. */
    @Override
    void close();

    /** Of components that are made from a definition alone. */
    static ComponentChange to(ComponentFactory factory) {
        return new ComponentChange() {
            @Override
            public ComponentFactory factory() {
                return factory;
            }

            @Override
            public boolean replaces(StreamDefinition definition) {
                return false;
            }

            @Override
            public void takeEffect() {
                // There is nothing but the factory.
            }

            @Override
            public void close() {
                // Nothing was made.
            }
        };
    }
}
