package quaybell.jobs;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import quaybell.domain.Buyer;
import quaybell.store.BuyerStore;
import quaybell.store.SettlementStore;

/** Suspends, before the hall opens, who has not paid. Decision 4. */
@Component
class MorningCredit {

    private final BuyerStore buyers;
    private final SettlementStore settlements;

    MorningCredit(BuyerStore buyers, SettlementStore settlements) {
        this.buyers = buyers;
        this.settlements = settlements;
    }

    @Scheduled(cron = "0 30 5 * * MON-SAT")
    void check() {
        for (Buyer buyer : buyers.all()) {
            buyers.setSuspended(buyer.paddle(), settlements.openOre(buyer.paddle()) > buyer.limitOre());
        }
    }
}
