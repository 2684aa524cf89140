package quaybell.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AuctionClockTest {

    @Test
    void standsBeforeTheFirstTick() {
        assertEquals(9000, AuctionClock.priceAt(9000, AuctionClock.TICK.minusMillis(1)));
    }

    @Test
    void fallsByAStepWithEachTick() {
        assertEquals(8970, AuctionClock.priceAt(9000, AuctionClock.TICK.multipliedBy(3)));
    }

    @Test
    void neverFallsBelowNothing() {
        assertEquals(0, AuctionClock.priceAt(50, Duration.ofMinutes(5)));
    }
}
