package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.proof.FaultPlan.Decision;
import io.delivery.proof.FaultPlan.Request;
import io.delivery.proof.FaultPlan.Weather;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static List<Decision> decisions(FaultPlan plan, Request request, Weather weather) {
        List<Decision> decisions = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            decisions.add(plan.next(request, weather));
        }
        return decisions;
    }

    @Test
    void a_seed_repeats_decisions_and_weather_whatever_is_asked_in_between() {
        FaultPlan first = new FaultPlan(5);
        FaultPlan second = new FaultPlan(5);
        decisions(second, Request.OTHER, Weather.FAIR);
        second.weather(100_000);

        assertThat(decisions(first, Request.PUT, Weather.FAIR))
                .isEqualTo(decisions(second, Request.PUT, Weather.FAIR))
                .isNotEqualTo(decisions(new FaultPlan(6), Request.PUT, Weather.FAIR));
        for (long millis = 0; millis < 100_000; millis += 777) {
            assertThat(first.weather(millis)).isEqualTo(second.weather(millis));
        }
    }

    @Test
    void every_fault_is_met_and_most_requests_pass() {
        FaultPlan plan = new FaultPlan(1);

        Set<Fault> met = EnumSet.of(Fault.CONNECTION_REFUSED); // the weather's, see below
        int passed = 0;
        for (Request request : Request.values()) {
            for (Decision decision : decisions(plan, request, Weather.FAIR)) {
                decision.fault().ifPresent(met::add);
                passed += decision.fault().isEmpty() ? 1 : 0;
            }
        }
        decisions(plan, Request.PUT, Weather.STORM).forEach(d -> d.fault().ifPresent(met::add));
        decisions(plan, Request.OTHER, Weather.PORTAL).forEach(d -> d.fault().ifPresent(met::add));
        Set<Weather> weathers = EnumSet.noneOf(Weather.class);
        for (long millis = 0; millis < 300_000; millis += 100) {
            weathers.add(plan.weather(millis));
        }

        assertThat(met).containsExactlyInAnyOrder(Fault.values());
        assertThat(weathers).containsExactlyInAnyOrder(Weather.values());
        assertThat(passed).isGreaterThan(1_000);
    }

    @Test
    void only_completions_are_reset_as_completions_and_looking_stores_nothing() {
        FaultPlan plan = new FaultPlan(2);

        assertThat(decisions(plan, Request.PUT, Weather.FAIR))
                .noneMatch(d -> d.fault().equals(Optional.of(Fault.COMPLETION_RESET)));
        assertThat(decisions(plan, Request.OTHER, Weather.FAIR))
                .extracting(Decision::fault)
                .containsOnly(
                        Optional.empty(),
                        Optional.of(Fault.RESET_MIDWAY),
                        Optional.of(Fault.DELAYED));
    }
}
