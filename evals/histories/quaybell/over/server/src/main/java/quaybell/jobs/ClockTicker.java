package quaybell.jobs;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import quaybell.app.AuctionClock;

/** Looks four times a second whether the lot on the wall has fallen below its reserve. */
@Component
class ClockTicker {

    private final AuctionClock auction;

    ClockTicker(AuctionClock auction) {
        this.auction = auction;
    }

    @Scheduled(fixedDelay = 250)
    void tick() {
        auction.takeDownIfPassed();
    }
}
