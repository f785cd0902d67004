package io.delivery.wiring;

import io.delivery.config.ProcessorSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.failure.OpenedSoFar;
import io.delivery.jq.JqKeyExtractor;
import io.delivery.jq.JqLimit;
import io.delivery.jq.JqProcessor;
import io.delivery.jq.RecordPattern;
import io.delivery.jq.RegexProcessor;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.processing.Processor;
import io.delivery.steps.CsvProcessor;
import io.delivery.steps.RedactProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Makes the processors of one lane. A new kind of processor is a line here. */
final class Processors {
    private final StreamDefinition stream;
    private final Function<String, MadeFunction> functions;
    private final JqLimit.Listener limits;

    /**
     * @param functions gives the function of a name, which stays until the processors are closed
     */
    Processors(StreamDefinition stream, Function<String, MadeFunction> functions, Metrics metrics) {
        this.stream = stream;
        this.functions = functions;
        this.limits =
                limit -> metrics.add(Metric.JQ_LIMITED_RECORDS, stream.name(), limit.label(), 1);
    }

    /**
     * In the order in which they run.
     *
     * @throws IllegalArgumentException when one of them cannot be made
     */
    List<Processor> all() {
        List<Processor> made = new ArrayList<>();
        OpenedSoFar opened = new OpenedSoFar();
        try {
            for (ProcessorSettings settings : stream.transform().processors()) {
                Processor processor = made(settings);
                opened.add(processor::close);
                made.add(processor);
            }
            return made;
        } catch (Throwable refused) { // also errors
            opened.closeAfter(refused);
            throw refused;
        }
    }

    private Processor made(ProcessorSettings settings) {
        return settings.choose(
                lambda -> functions.apply(lambda.function()).processor(lambda, stream),
                jq -> new JqProcessor(Programs.jq(jq), JqKeyExtractor.DEFAULT_STEPS, limits),
                CsvProcessor::new,
                regex ->
                        new RegexProcessor(
                                RecordPattern.compile(regex.pattern()),
                                JqKeyExtractor.DEFAULT_STEPS,
                                limits),
                RedactProcessor::new);
    }
}
