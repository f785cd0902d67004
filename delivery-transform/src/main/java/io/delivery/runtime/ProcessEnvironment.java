package io.delivery.runtime;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The environment of a function's process: what Lambda sets (Developer Guide, "Defined runtime
 * environment variables"), and what was configured. Of this program's own it has the PATH only.
 */
final class ProcessEnvironment {
    private final FunctionSettings settings;
    private final FunctionRunner.Process process;
    private final RuntimeHost.Identity identity;

    ProcessEnvironment(
            FunctionSettings settings,
            FunctionRunner.Process process,
            RuntimeHost.Identity identity) {
        this.settings = settings;
        this.process = process;
        this.identity = identity;
    }

    /** The name that the function has in AWS. */
    String arn() {
        return "arn:aws:lambda:%s:%s:function:%s"
                .formatted(identity.region(), identity.account(), settings.name());
    }

    /**
     * All of it but AWS_LAMBDA_LOG_STREAM_NAME and LD_LIBRARY_PATH.
     *
     * @param address of the Runtime API
     */
    Map<String, String> of(
            Deployment deployment, Launch launch, String address, Path temporaryFolder) {
        Map<String, String> all = new HashMap<>();
        all.put("TZ", ":UTC");
        all.put("LANG", "en_US.UTF-8");
        all.put("PATH", System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"));
        all.put("TMPDIR", temporaryFolder.toString());
        all.putAll(launch.environment());
        process.environment().forEach((name, value) -> all.put(name, value.value()));
        // What follows nobody may set, see FunctionRunner.Process.
        all.put("AWS_LAMBDA_FUNCTION_NAME", settings.name());
        all.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        all.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Long.toString(process.memoryBytes() >> 20));
        all.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        all.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + settings.name());
        all.put("AWS_LAMBDA_RUNTIME_API", address);
        all.put("AWS_REGION", identity.region());
        all.put("AWS_DEFAULT_REGION", identity.region());
        all.put("LAMBDA_TASK_ROOT", deployment.code().toString());
        all.put("LAMBDA_RUNTIME_DIR", deployment.ownFiles().toString());
        all.put("_HANDLER", process.handler().orElse(""));
        all.remove(LIBRARIES);
        return all;
    }

    private static final String LIBRARIES = "LD_LIBRARY_PATH";

    /** LD_LIBRARY_PATH: functions bring libraries of their own in these places. */
    String libraries(Path code) {
        String own = code + ":" + code.resolve("lib");
        return process.environment().containsKey(LIBRARIES)
                ? process.environment().get(LIBRARIES).value()
                : own;
    }
}
