package quaybell.events;

import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import quaybell.config.HallProperties;
import quaybell.store.OutboxStore;

/** Puts what the directorate wants to know into the outbox, in the transaction that made it so. Decision 6. */
@Component
class ReportListener {

    private final OutboxStore outbox;
    private final HallProperties hall;

    ReportListener(OutboxStore outbox, HallProperties hall) {
        this.outbox = outbox;
        this.hall = hall;
    }

    @EventListener
    void on(LandingWeighed event) {
        if (hall.flags().reports()) {
            outbox.put("landing", Map.of(
                "landing", event.landingId(),
                "vessel", event.vessel(),
                "species", event.species(),
                "grams", event.netGrams()));
        }
    }

    @EventListener
    void on(LotSold event) {
        if (hall.flags().reports()) {
            outbox.put("first-sale", Map.of("sale", event.saleId(), "lot", event.lotId(), "ore", event.ore()));
        }
    }
}
