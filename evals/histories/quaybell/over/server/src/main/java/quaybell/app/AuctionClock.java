package quaybell.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import quaybell.domain.HallException;
import quaybell.domain.Lot;
import quaybell.domain.LotState;
import quaybell.store.ClockStore;
import quaybell.store.LotStore;

/** The price falls by a step with each tick, until somebody stops it. */
@Service
public class AuctionClock {

    static final Duration TICK = Duration.ofMillis(400);
    static final int STEP_ORE = 10;

    private final ClockStore running;
    private final LotStore lots;
    private final LotService lotService;
    private final Clock clock;

    AuctionClock(ClockStore running, LotStore lots, LotService lotService, Clock clock) {
        this.running = running;
        this.lots = lots;
        this.lotService = lotService;
        this.clock = clock;
    }

    /** Hangs the next lot on the wall. */
    @Transactional
    public Lot startNext(int fromPrice) {
        if (running.lockRunning().isPresent()) {
            throw HallException.tooLate("The clock is running.");
        }
        Lot lot = lots.next().orElseThrow(() -> HallException.notFound("lot that waits"));
        if (fromPrice <= lot.reserve()) {
            throw HallException.invalid("price", "Begin above the reserve.");
        }
        lots.move(lot.id(), LotState.WAITING, LotState.ON_CLOCK);
        running.start(lot.id(), fromPrice, clock.instant());
        return lot;
    }

    public Optional<ClockStore.Running> now() {
        return running.running();
    }

    public int priceOf(ClockStore.Running now) {
        return priceAt(now.fromPrice(), Duration.between(now.startedAt(), clock.instant()));
    }

    static int priceAt(int fromPrice, Duration since) {
        long ticks = since.toMillis() / TICK.toMillis();
        return (int) Math.max(0, fromPrice - ticks * STEP_ORE);
    }

    /** Called several times a second: takes the lot down once its reserve is reached. */
    @Transactional
    public void takeDownIfPassed() {
        running.lockRunning().ifPresent(now -> {
            Lot lot = lotService.find(now.lotId());
            if (priceOf(now) < lot.reserve()) {
                running.clear();
                lotService.passed(lot);
            }
        });
    }

    public Instant time() {
        return clock.instant();
    }
}
