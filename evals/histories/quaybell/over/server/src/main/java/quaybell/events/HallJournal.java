package quaybell.events;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** One line for each thing that happens, for the people who have to explain the day. */
@Component
class HallJournal {

    private static final Logger LOG = LoggerFactory.getLogger("journal");

    @EventListener
    void on(LandingWeighed event) {
        LOG.info("weighed landing={} vessel={} {} {} g", event.landingId(), event.vessel(), event.species(),
            event.netGrams());
    }

    @EventListener
    void on(LotSold event) {
        LOG.info("sold lot={} paddle={} ore={}", event.lotId(), event.paddle(), event.ore());
    }

    @EventListener
    void on(LotPassed event) {
        LOG.info("passed lot={} round={}", event.lotId(), event.round());
    }

    @EventListener
    void on(LandingVoided event) {
        LOG.warn("voided landing={} because {}", event.landingId(), event.why());
    }
}
