package quaybell.jobs;

import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalTime;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import quaybell.app.SettlementService;
import quaybell.config.HallProperties;

/** Closes the day at the hour that the operator has set. */
@Component
class DayClose {

    private final SettlementService settlements;
    private final HallProperties hall;
    private final Clock clock;
    private LocalDate closed;

    DayClose(SettlementService settlements, HallProperties hall, Clock clock) {
        this.settlements = settlements;
        this.hall = hall;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 60_000)
    void closeWhenLate() {
        LocalDate today = LocalDate.now(clock);
        if (!today.equals(closed) && LocalTime.now(clock).isAfter(hall.dayClose())) {
            settlements.closeDay(today);
            closed = today;
        }
    }
}
