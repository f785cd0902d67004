package io.delivery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/**
 * The settings of Kinesis Agent in docs/clients.md have its names for them. The agent ignores a key
 * that it does not know, so that a misspelt one would send to AWS.
 */
class KinesisAgentSettingsTest {
    @Test
    void the_keys_of_the_page_are_those_that_the_agent_reads() throws Exception {
        JsonNode agent =
                new ObjectMapper().readTree(DocumentedClient.of("Kinesis Agent").block("json"));

        // config/AgentConfiguration.java of awslabs/amazon-kinesis-agent; "flows" is read in
        // AgentContext.java.
        assertThat(agent.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "firehose.endpoint",
                        "awsAccessKeyId",
                        "awsSecretAccessKey",
                        "cloudwatch.emitMetrics",
                        "flows");
        // tailing/FileFlow.java and tailing/FirehoseConstants.java.
        assertThat(agent.path("flows")).hasSize(1);
        assertThat(agent.path("flows").path(0).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("filePattern", "deliveryStream");
        assertThat(agent.path("cloudwatch.emitMetrics").isBoolean()).isTrue();
        assertThat(agent.path("cloudwatch.emitMetrics").asBoolean()).isFalse();
    }
}
