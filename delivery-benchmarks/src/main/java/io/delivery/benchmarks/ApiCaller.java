package io.delivery.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Calls operations of the API with JSON of its own, several callers at a time. */
final class ApiCaller {
    private final URI api;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ApiCaller(URI api) {
        this.api = api;
    }

    /** What is done for one number. */
    interface Call {
        void make(int number) throws Exception;
    }

    /**
     * @throws IOException when the answer is not 200
     */
    void call(String operation, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(api.resolve("/"))
                                .header("content-type", "application/x-amz-json-1.1")
                                .header("x-amz-target", "Firehose_20150804." + operation)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "%s was answered %d %s"
                            .formatted(operation, answer.statusCode(), answer.body()));
        }
    }

    /** Makes calls for the numbers from 0 on, so many at a time; returns the seconds they took. */
    static double forEach(int count, int callers, Call call) throws Exception {
        long begun = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                int first = caller;
                all.add(
                        threads.submit(
                                () -> {
                                    for (int i = first; i < count; i += callers) {
                                        call.make(i);
                                    }
                                    return null;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return (System.nanoTime() - begun) / 1e9;
    }
}
