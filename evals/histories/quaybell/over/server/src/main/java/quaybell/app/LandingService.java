package quaybell.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import quaybell.domain.Grade;
import quaybell.domain.HallException;
import quaybell.domain.Landing;
import quaybell.domain.LotState;
import quaybell.domain.Species;
import quaybell.events.LandingVoided;
import quaybell.events.LandingWeighed;
import quaybell.store.LandingStore;
import quaybell.store.LotStore;

/** The desk beside the scale. */
@Service
public class LandingService {

    static final int TARE_GRAMS = 2100;

    private final LandingStore landings;
    private final LotStore lots;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    LandingService(LandingStore landings, LotStore lots, ApplicationEventPublisher events, Clock clock) {
        this.landings = landings;
        this.lots = lots;
        this.events = events;
        this.clock = clock;
    }

    @Transactional
    public Landing weighIn(String vessel, String species, Grade grade, int crates, int grossGrams) {
        Species.require(species);
        if (!landings.isVesselKnown(vessel)) {
            throw HallException.notFound("vessel " + vessel);
        }
        int net = grossGrams - crates * TARE_GRAMS;
        if (crates < 1 || net <= 0) {
            throw HallException.invalid("weight", "That is lighter than its crates.");
        }
        long id = landings.insert(vessel, species, grade, crates, net, clock.instant());
        events.publishEvent(new LandingWeighed(id, vessel, species, net));
        return find(id);
    }

    @Transactional
    public void voidLanding(long id, String why) {
        boolean isSold = lots.ofLanding(id).stream().anyMatch(lot -> lot.state() == LotState.SOLD);
        if (isSold) {
            throw HallException.tooLate("A part of it is sold.");
        }
        if (!landings.markVoid(id, clock.instant())) {
            throw HallException.notFound("landing " + id + " that still counts");
        }
        lots.ofLanding(id).forEach(lot -> lots.move(lot.id(), LotState.WAITING, LotState.PULLED));
        events.publishEvent(new LandingVoided(id, why));
    }

    public List<Landing> ofLastHours(int hours) {
        Instant then = clock.instant().minus(Duration.ofHours(hours));
        return landings.since(then);
    }

    public Landing find(long id) {
        return landings.find(id).orElseThrow(() -> HallException.notFound("landing " + id));
    }
}
