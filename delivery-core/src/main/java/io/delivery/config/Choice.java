package io.delivery.config;

/**
 * What is done with one kind of settings where there are several. A method {@code choose} asks for
 * one of each kind: a kind that is added does not compile before every place has said what it does
 * with it.
 *
 * @param <S> the kind
 * @param <R> what comes of it
 * @param <E> what may be thrown
 */
@FunctionalInterface
public interface Choice<S, R, E extends Exception> {
    R of(S settings) throws E;
}
