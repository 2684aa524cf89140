package quaybell.app;

import org.springframework.stereotype.Component;
import quaybell.domain.Buyer;
import quaybell.domain.HallException;
import quaybell.store.SettlementStore;

/** Whether a paddle may still buy. Asked with each bid, see decision 7. */
@Component
class CreditGuard {

    private final SettlementStore settlements;

    CreditGuard(SettlementStore settlements) {
        this.settlements = settlements;
    }

    void require(Buyer buyer, long ore) {
        if (buyer.suspended()) {
            throw HallException.overLimit(buyer.paddle());
        }
        long open = settlements.openOre(buyer.paddle());
        if (open + ore > buyer.limitOre()) {
            throw HallException.overLimit(buyer.paddle());
        }
    }
}
