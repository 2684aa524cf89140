package quaybell.app;

import java.time.Clock;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import quaybell.domain.Buyer;
import quaybell.domain.HallException;
import quaybell.domain.Lot;
import quaybell.domain.LotState;
import quaybell.domain.Sale;
import quaybell.events.LotSold;
import quaybell.store.BuyerStore;
import quaybell.store.ClockStore;
import quaybell.store.LotStore;
import quaybell.store.SaleStore;

/** Somebody shouts, and the clock stands. */
@Service
public class BidService {

    private final ClockStore running;
    private final AuctionClock auction;
    private final LotService lotService;
    private final LotStore lots;
    private final SaleStore sales;
    private final BuyerStore buyers;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    BidService(ClockStore running, AuctionClock auction, LotService lotService, LotStore lots, SaleStore sales,
            BuyerStore buyers, ApplicationEventPublisher events, Clock clock) {
        this.running = running;
        this.auction = auction;
        this.lotService = lotService;
        this.lots = lots;
        this.sales = sales;
        this.buyers = buyers;
        this.events = events;
        this.clock = clock;
    }

    /** The first paddle takes as many crates as it wants, at the price of the server. Decision 2. */
    @Transactional
    public Sale stop(int paddle, int crates) {
        ClockStore.Running now = running.lockRunning()
            .orElseThrow(() -> HallException.tooLate("Somebody was faster."));
        int price = auction.priceOf(now);
        Lot lot = lotService.find(now.lotId());
        if (crates < 1 || crates > lot.crates()) {
            throw HallException.invalid("crates", "The lot has " + lot.crates() + " crates.");
        }
        Buyer buyer = buyers.find(paddle).orElseThrow(() -> HallException.notFound("paddle " + paddle));
        if (buyer.suspended()) {
            throw HallException.overLimit(paddle);
        }
        long id = sales.insert(lot.id(), paddle, crates, lot.gramsOf(crates), price, clock.instant());
        lots.move(lot.id(), LotState.ON_CLOCK, LotState.SOLD);
        lotService.remainder(lot, crates);
        running.clear();
        Sale sale = sales.find(id).orElseThrow();
        events.publishEvent(new LotSold(id, lot.id(), paddle, sale.ore()));
        return sale;
    }
}
