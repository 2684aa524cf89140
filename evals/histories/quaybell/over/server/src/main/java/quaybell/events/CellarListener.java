package quaybell.events;

import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import quaybell.app.PickupService;

/** What was sold has to be fetched: the cellar hears of it once the sale is certain. */
@Component
class CellarListener {

    private final PickupService pickups;

    CellarListener(PickupService pickups) {
        this.pickups = pickups;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void on(LotSold event) {
        pickups.prepare(event.saleId(), event.paddle());
    }
}
