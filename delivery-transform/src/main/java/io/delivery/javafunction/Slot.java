package io.delivery.javafunction;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.api.client.EventHandlerLoader;
import com.amazonaws.services.lambda.runtime.api.client.HandlerInfo;
import com.amazonaws.services.lambda.runtime.api.client.LambdaEnvironment;
import com.amazonaws.services.lambda.runtime.api.client.LambdaRequestHandler;
import com.amazonaws.services.lambda.runtime.api.client.LambdaRequestHandler.UserFaultHandler;
import com.amazonaws.services.lambda.runtime.api.client.UserFault;
import com.amazonaws.services.lambda.runtime.api.client.logging.LambdaContextLogger;
import com.amazonaws.services.lambda.runtime.api.client.logging.StdOutLogSink;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.DtoSerializers;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.converters.LambdaErrorConverter;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.dto.ErrorRequest;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.dto.InvocationRequest;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;

/**
 * One slot of a Java function: makes the handler, then asks for an event and answers it, again and
 * again. The process ends when the handler cannot be made, when it breaks the JVM, and when nobody
 * answers at the Runtime API any more.
 */
public final class Slot implements Runnable {
    private static final String INITIALIZATION = "Runtime.BadFunctionCode";

    /** Set when any slot of this process was given an event: each slot has classes of its own. */
    private static final String EVENTS_WERE_GIVEN = "io.delivery.javafunction.eventsWereGiven";

    private final RuntimeApi api = new RuntimeApi(System.getenv("AWS_LAMBDA_RUNTIME_API"));

    @Override
    public void run() {
        try {
            LambdaRequestHandler handler = handler();
            while (true) {
                answer(handler, next());
            }
        } catch (Throwable thrown) {
            System.err.println("The function's process ends: " + thrown);
            Runtime.getRuntime().halt(1);
        }
    }

    // --- the handler ---

    private LambdaRequestHandler handler() throws IOException {
        LambdaRequestHandler handler;
        try {
            String root = System.getenv("LAMBDA_TASK_ROOT");
            FunctionClasses classes =
                    new FunctionClasses(
                            new File(root == null ? "." : root), Slot.class.getClassLoader());
            Thread.currentThread().setContextClassLoader(classes);
            tellTheClient(classes);
            handler = load(System.getenv("_HANDLER"), classes);
        } catch (Throwable thrown) {
            throw failedToStart(fault(thrown));
        }
        if (handler instanceof UserFaultHandler broken) {
            throw failedToStart(broken.fault);
        }
        return handler;
    }

    /** What its own main method would set. It has no public way. */
    private static void tellTheClient(FunctionClasses classes) throws ReflectiveOperationException {
        set(AWSLambda.class, "customerClassLoader", classes);
        set(
                LambdaRuntime.class,
                "logger",
                new LambdaContextLogger(
                        new StdOutLogSink(),
                        LogLevel.fromString(LambdaEnvironment.LAMBDA_LOG_LEVEL),
                        LogFormat.fromString(LambdaEnvironment.LAMBDA_LOG_FORMAT)));
    }

    private static void set(Class<?> type, String name, Object value)
            throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        field.set(null, value);
    }

    private static LambdaRequestHandler load(String handler, ClassLoader classes) {
        HandlerInfo info;
        try {
            info = HandlerInfo.fromString(handler, classes);
        } catch (ClassNotFoundException missing) {
            return LambdaRequestHandler.classNotFound(missing, HandlerInfo.className(handler));
        } catch (HandlerInfo.InvalidHandlerException invalid) {
            return new UserFaultHandler(
                    UserFault.makeUserFault("The handler " + handler + " is no class or method"));
        } catch (ExceptionInInitializerError thrown) {
            // The error itself says nothing of why.
            return LambdaRequestHandler.initErrorHandler(
                    thrown.getCause(), HandlerInfo.className(handler));
        } catch (LinkageError thrown) {
            return LambdaRequestHandler.initErrorHandler(thrown, HandlerInfo.className(handler));
        }
        return EventHandlerLoader.loadEventHandler(info);
    }

    private IllegalStateException failedToStart(UserFault fault) throws IOException {
        System.err.println(fault.reportableError());
        ErrorRequest error = LambdaErrorConverter.fromUserFault(fault);
        api.failToStart(DtoSerializers.serialize(error), INITIALIZATION);
        return new IllegalStateException("the handler could not be made: " + error.errorMessage);
    }

    // --- events ---

    /**
     * When nobody gives events any more, the process ends and says nothing of it; it says why it
     * ends when nobody has ever given it one.
     */
    private InvocationRequest next() {
        try {
            InvocationRequest request = api.next();
            System.setProperty(EVENTS_WERE_GIVEN, "true");
            return request;
        } catch (IOException gone) {
            if (System.getProperty(EVENTS_WERE_GIVEN) == null) {
                System.err.println("The Runtime API cannot be asked for an event: " + gone);
            }
            Runtime.getRuntime().halt(1);
            throw new IllegalStateException("halted", gone);
        }
    }

    private void answer(LambdaRequestHandler handler, InvocationRequest request) {
        byte[] answer;
        try {
            answer = handler.call(request).toByteArray();
        } catch (Throwable thrown) {
            fail(request, thrown);
            return;
        } finally {
            Thread.interrupted(); // of no concern to the next event
        }
        try {
            api.respond(request.getId(), answer);
        } catch (IOException unsent) {
            concernsThisEventOnly(request, "response", unsent);
        }
    }

    /**
     * The other slots have events under way: when nobody answers at all, the next request says so.
     */
    private static void concernsThisEventOnly(
            InvocationRequest request, String what, IOException unsent) {
        System.err.println(
                "The %s of the event %s was not sent: %s".formatted(what, request.getId(), unsent));
    }

    private void fail(InvocationRequest request, Throwable thrown) {
        UserFault fault = fault(thrown);
        System.err.println(fault.reportableError());
        ErrorRequest error =
                thrown instanceof UserFault
                        ? LambdaErrorConverter.fromUserFault(fault)
                        : LambdaErrorConverter.fromThrowable(UserFault.filterStackTrace(thrown));
        try {
            api.fail(request.getId(), DtoSerializers.serialize(error), error.errorType);
        } catch (IOException unsent) {
            concernsThisEventOnly(request, "error", unsent);
        }
        if (thrown instanceof VirtualMachineError) {
            throw new IllegalStateException("the JVM is broken", thrown);
        }
    }

    private static UserFault fault(Throwable thrown) {
        return thrown instanceof UserFault fault
                ? fault
                : UserFault.makeUserFault(UserFault.filterStackTrace(thrown));
    }
}
