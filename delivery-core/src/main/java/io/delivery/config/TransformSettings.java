package io.delivery.config;

import java.util.List;
import java.util.Optional;

/**
 * What happens to a record before it is partitioned, in the order that Firehose keeps:
 * decompression, splitting, then the processors.
 *
 * @param processors in the order they run
 */
public record TransformSettings(
        Optional<Decompression> decompression,
        Optional<SplitSettings> split,
        List<ProcessorSettings> processors) {
    /** Records stay as they came. */
    public static final TransformSettings NONE =
            new TransformSettings(Optional.empty(), Optional.empty(), List.of());

    public TransformSettings {
        processors = List.copyOf(processors);
    }

    /** Nothing but splitting. */
    public static TransformSettings splitting(SplitSettings split) {
        return new TransformSettings(Optional.empty(), Optional.of(split), List.of());
    }

    /**
     * Reports what is wrong with it on its own.
     *
     * @param path of the stream
     */
    public void validate(String path, ConfigProblems problems) {
        split.ifPresent(s -> s.validate(path + ".split", problems));
        int functions = 0;
        for (int i = 0; i < processors.size(); i++) {
            ProcessorSettings processor = processors.get(i);
            processor.validate("%s.processors[%d]".formatted(path, i), problems);
            functions += processor.invokedFunction().isPresent() ? 1 : 0;
        }
        if (functions > 1) {
            problems.add(path + ".processors", "must have at most one lambda, were " + functions);
        }
    }

    /**
     * Reports functions that there are not, and what a processor of a plugin is told in vain: it
     * decides on its batches itself.
     *
     * @param functions all that there are
     * @param path of the stream
     */
    void validateFunctions(List<FunctionSettings> functions, String path, ConfigProblems problems) {
        for (int i = 0; i < processors.size(); i++) {
            String at = "%s.processors[%d].lambda".formatted(path, i);
            processors.get(i).lambda().ifPresent(it -> validate(it, functions, at, problems));
        }
    }

    private static void validate(
            ProcessorSettings.Lambda lambda,
            List<FunctionSettings> functions,
            String path,
            ConfigProblems problems) {
        Optional<FunctionSettings> named =
                functions.stream().filter(f -> f.name().equals(lambda.function())).findFirst();
        if (named.isEmpty()) {
            List<String> names = functions.stream().map(FunctionSettings::name).toList();
            problems.add(
                    path + ".function",
                    Suggestion.mustBeOneOf("functions", names, lambda.function()));
        } else if (named.get().runner().isPlugin()
                && !lambda.equals(ProcessorSettings.Lambda.of(lambda.function()))) {
            problems.add(
                    path,
                    "must have nothing but function, because %s is a plugin, which decides on batches and retries itself"
                            .formatted(lambda.function()));
        }
    }

    /** The function that the processors name; empty when none does. */
    public Optional<String> function() {
        return processors.stream().flatMap(p -> p.invokedFunction().stream()).findFirst();
    }
}
