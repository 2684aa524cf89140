package quaybell.jobs;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import quaybell.store.TemperatureStore;

/** Knows the lots that lie in the hall without ice for too long; the lot sheet asks it. */
@Component
public class IceWatch {

    static final Duration PATIENCE = Duration.ofHours(8);
    static final double COLD = 4.0;

    private final TemperatureStore temperatures;
    private final Clock clock;
    private final AtomicReference<List<Long>> warm = new AtomicReference<>(List.of());

    IceWatch(TemperatureStore temperatures, Clock clock) {
        this.temperatures = temperatures;
        this.clock = clock;
    }

    @Scheduled(cron = "0 */10 * * * *")
    void look() {
        warm.set(temperatures.withoutColdReadingSince(clock.instant().minus(PATIENCE), COLD));
    }

    public boolean isWarm(long lotId) {
        return warm.get().contains(lotId);
    }
}
