package io.delivery.wiring;

import io.delivery.config.ProcessorSettings;
import io.delivery.jq.JqProgram;
import io.delivery.jq.JqSyntaxException;
import io.delivery.jq.RecordPattern;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.loading.ProgramCompiler;
import java.util.Optional;
import java.util.Set;

/** The programs that a configuration holds, as this program runs them. */
public final class Programs implements ProgramCompiler {
    public static final ProgramCompiler OURS = new Programs();

    private Programs() {}

    /** Refuses as well a query of which no record can get keys. */
    @Override
    public Optional<Set<String>> queryKeys(String query) {
        JqProgram program = compiled(query);
        program.whyNoKeys()
                .ifPresent(
                        why -> {
                            throw new IllegalArgumentException(why);
                        });
        return program.keys();
    }

    @Override
    public void check(ProcessorSettings processor) {
        processor.<Optional<Object>, RuntimeException>choose(
                lambda -> Optional.empty(),
                jq -> Optional.of(jq(jq)),
                csv -> Optional.empty(),
                regex -> Optional.of(RecordPattern.compile(regex.pattern())),
                redact -> Optional.empty());
    }

    @Override
    public void checkTimestampFormat(String format) {
        JsonRecordDecoder.checkTimestampFormat(format);
    }

    /** The program of a processor. */
    static JqProgram jq(ProcessorSettings.Jq settings) {
        return compiled(settings.program());
    }

    private static JqProgram compiled(String text) {
        try {
            return JqProgram.compile(text);
        } catch (JqSyntaxException refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
    }
}
