package quaybell.app;

import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import quaybell.domain.Grade;
import quaybell.domain.HallException;
import quaybell.domain.Landing;
import quaybell.domain.Lot;
import quaybell.domain.LotState;
import quaybell.events.LotPassed;
import quaybell.store.LotStore;

/** Makes lots out of landings, and says what becomes of those that nobody wants. */
@Service
public class LotService {

    static final int MOST_CRATES = 40;

    private final LotStore lots;
    private final LandingService landings;
    private final ApplicationEventPublisher events;

    LotService(LotStore lots, LandingService landings, ApplicationEventPublisher events) {
        this.lots = lots;
        this.landings = landings;
        this.events = events;
    }

    /** Cuts a part of a landing off as a lot; the same landing may be cut until its crates are gone. */
    @Transactional
    public Lot cut(long landingId, int crates, int reserve) {
        Landing landing = landings.find(landingId);
        if (landing.isVoided()) {
            throw HallException.tooLate("Landing " + landingId + " was voided.");
        }
        int left = landing.crates() - lots.ofLanding(landingId).stream().mapToInt(Lot::crates).sum();
        if (crates < 1 || crates > left || crates > MOST_CRATES) {
            throw HallException.invalid("crates", "There are " + left + " crates left, and no lot has over " + MOST_CRATES + ".");
        }
        int grams = Math.round((float) landing.netGrams() * crates / landing.crates());
        long id = lots.insert(landingId, landing.species(), landing.grade(), crates, grams, reserve);
        if (!landing.grade().isAuctioned()) {
            lots.move(id, LotState.WAITING, LotState.MEAL);
        }
        return find(id);
    }

    /** The clock fell below the reserve. */
    @Transactional
    public void passed(Lot lot) {
        lots.move(lot.id(), LotState.ON_CLOCK, LotState.MEAL);
        events.publishEvent(new LotPassed(lot.id(), lot.round()));
    }

    /** What a buyer left of a lot is a lot of its own, and waits for its turn. */
    @Transactional
    public void remainder(Lot lot, int taken) {
        int left = lot.crates() - taken;
        if (left > 0) {
            lots.insert(lot.landingId(), lot.species(), Grade.B, left, lot.gramsOf(left), lot.reserve());
        }
    }

    public Lot find(long id) {
        return lots.find(id).orElseThrow(() -> HallException.notFound("lot " + id));
    }

    public List<Lot> waiting() {
        return lots.waiting();
    }
}
