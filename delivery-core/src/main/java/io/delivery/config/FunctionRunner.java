package io.delivery.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Where a function runs. */
public sealed interface FunctionRunner {
    /** What comes of it, by the kind that it is. */
    <R, E extends Exception> R choose(
            Choice<Process, R, E> process,
            Choice<Endpoint, R, E> endpoint,
            Choice<Lambda, R, E> lambda,
            Choice<Plugin, R, E> plugin)
            throws E;

    /** Whether it is a processor of a plugin, which nobody invokes with events. */
    default boolean isPlugin() {
        return choose(process -> false, endpoint -> false, lambda -> false, plugin -> true);
    }

    /**
     * Reports what is wrong with it on its own, without looking at any file.
     *
     * @param path of the function in the configuration
     */
    void validate(String path, ConfigProblems problems);

    /** What a process of a function is started with. */
    enum Runtime {
        PYTHON,
        NODEJS,
        JAVA,
        /** Any executable with the name {@code bootstrap}. */
        PROVIDED
    }

    /**
     * Processes of ours, one or more, which ask for events as those of Lambda do.
     *
     * @param code a folder, a {@code .zip} or a {@code .jar}
     * @param handler as Lambda writes it: {@code module.function}, {@code package.Class::method};
     *     empty for a bootstrap that needs none
     * @param memoryBytes what the function is told that it may use; Java gets it as its heap
     * @param environment beside what Lambda sets
     */
    record Process(
            Runtime runtime,
            Path code,
            Optional<String> handler,
            long memoryBytes,
            Map<String, Secret> environment)
            implements FunctionRunner {
        public static final long DEFAULT_MEMORY_BYTES = 128L << 20; // Lambda's default
        public static final long MIN_MEMORY_BYTES = 128L << 20; // Lambda quotas
        public static final long MAX_MEMORY_BYTES = 10_240L << 20; // Lambda quotas

        /**
         * Set for every function: Developer Guide, defined runtime environment variables, reserved.
         * Keys of AWS are not among them: there is no role that would give a function its own.
         */
        public static final Set<String> RESERVED_VARIABLES =
                Set.of(
                        "_HANDLER",
                        "_X_AMZN_TRACE_ID",
                        "AWS_DEFAULT_REGION",
                        "AWS_REGION",
                        "AWS_EXECUTION_ENV",
                        "AWS_LAMBDA_FUNCTION_NAME",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                        "AWS_LAMBDA_FUNCTION_VERSION",
                        "AWS_LAMBDA_INITIALIZATION_TYPE",
                        "AWS_LAMBDA_LOG_GROUP_NAME",
                        "AWS_LAMBDA_LOG_STREAM_NAME",
                        "AWS_LAMBDA_RUNTIME_API",
                        "LAMBDA_TASK_ROOT",
                        "LAMBDA_RUNTIME_DIR",
                        "TMPDIR");

        public Process {
            environment = Map.copyOf(environment);
        }

        @Override
        public <R, E extends Exception> R choose(
                Choice<Process, R, E> process,
                Choice<Endpoint, R, E> endpoint,
                Choice<Lambda, R, E> lambda,
                Choice<Plugin, R, E> plugin)
                throws E {
            return process.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            if (memoryBytes < MIN_MEMORY_BYTES || memoryBytes > MAX_MEMORY_BYTES) {
                problems.add(
                        path + ".memory",
                        "must be 128MB to 10240MB, was " + ByteSize.text(memoryBytes));
            }
            if (runtime != Runtime.PROVIDED && handler.isEmpty()) {
                problems.add(path + ".handler", "must be given");
            }
            for (String name : new TreeSet<>(environment.keySet())) {
                String where = path + ".environment." + name;
                if (RESERVED_VARIABLES.contains(name)) {
                    problems.add(where, "is set for every function and cannot be chosen");
                } else if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                    problems.add(
                            where,
                            "must be a name of letters, digits and underscores, not a digit first");
                } else if (environment.get(name).value().indexOf('\0') >= 0) {
                    problems.add(where, "must not have the character NUL");
                }
            }
        }
    }

    /** Whoever takes an event by HTTP POST and answers it, as containers of Lambda do. */
    record Endpoint(URI uri) implements FunctionRunner {
        @Override
        public <R, E extends Exception> R choose(
                Choice<Process, R, E> process,
                Choice<Endpoint, R, E> endpoint,
                Choice<Lambda, R, E> lambda,
                Choice<Plugin, R, E> plugin)
                throws E {
            return endpoint.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            String scheme = uri.getScheme() == null ? "" : uri.getScheme();
            if (!scheme.matches("(?i)https?") || uri.getHost() == null) {
                problems.add(path + ".endpoint", "must begin with http:// or https://, was " + uri);
            } else if (uri.getRawUserInfo() != null) {
                problems.add(
                        path + ".endpoint", "must have no user and password: they are not sent");
            } else if (uri.getRawFragment() != null) {
                problems.add(path + ".endpoint", "must have no #, was " + uri);
            }
        }
    }

    /**
     * A function of AWS Lambda, or of what speaks its API.
     *
     * @param arn or a function's name, with a version or alias behind a colon or without
     * @param endpoint absent: AWS, by region
     * @param credentials absent: the SDK's default chain
     */
    record Lambda(
            String arn,
            Optional<URI> endpoint,
            Optional<String> region,
            Optional<AccessKey> credentials)
            implements FunctionRunner {
        @Override
        public <R, E extends Exception> R choose(
                Choice<Process, R, E> process,
                Choice<Endpoint, R, E> endpointOf,
                Choice<Lambda, R, E> lambda,
                Choice<Plugin, R, E> plugin)
                throws E {
            return lambda.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            if (LambdaName.parse(arn).isEmpty()) {
                problems.add(
                        path + ".arn",
                        "must be arn:aws:lambda:REGION:ACCOUNT:function:NAME or a function's name,"
                                + " with a version or alias behind a colon or without, was "
                                + arn);
            }
            credentials.ifPresent(c -> c.validate(path + ".credentials", problems));
        }
    }

    /**
     * A processor that a jar of the plugin folder brings.
     *
     * @param className of a class that implements the plugin interface
     * @param settings its own
     */
    record Plugin(String className, Map<String, String> settings) implements FunctionRunner {
        public Plugin {
            settings = Map.copyOf(settings);
        }

        @Override
        public <R, E extends Exception> R choose(
                Choice<Process, R, E> process,
                Choice<Endpoint, R, E> endpoint,
                Choice<Lambda, R, E> lambda,
                Choice<Plugin, R, E> plugin)
                throws E {
            return plugin.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            if (className.isBlank()) {
                problems.add(path + ".plugin", "must name a class, was empty");
            }
        }
    }
}
