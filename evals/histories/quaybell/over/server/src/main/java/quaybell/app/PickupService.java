package quaybell.app;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import quaybell.domain.HallException;
import quaybell.store.PickupStore;

/** The cellar: crates stand on pallets until somebody with the code of the gate takes them. */
@Service
public class PickupService {

    static final int CODE_DIGITS = 4;
    static final int BAYS = 18;

    private final PickupStore pickups;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    PickupService(PickupStore pickups, Clock clock) {
        this.pickups = pickups;
        this.clock = clock;
    }

    /** Runs after the sale has been committed, so it needs a transaction of its own. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void prepare(long saleId, int paddle) {
        pickups.insert(saleId, paddle, code());
    }

    public List<PickupStore.Pickup> waiting() {
        return pickups.waiting();
    }

    @Transactional
    public void wrap(long saleId, int bay) {
        if (bay < 1 || bay > BAYS) {
            throw HallException.invalid("bay", "The cellar has bays 1 to " + BAYS + ".");
        }
        if (!pickups.seal(saleId, bay, clock.instant())) {
            throw HallException.tooLate("That pallet is sealed already.");
        }
    }

    /** Opens the gate for a code, and the pallet is gone. */
    @Transactional
    public PickupStore.Pickup letOut(String gateCode) {
        PickupStore.Pickup pickup = pickups.byCode(gateCode)
            .orElseThrow(() -> HallException.notFound("pallet with the code " + gateCode));
        if (pickup.sealedAt() == null) {
            throw HallException.tooLate("The pallet is not sealed yet.");
        }
        pickups.leave(pickup.saleId(), clock.instant());
        return pickup;
    }

    private String code() {
        int bound = (int) Math.pow(10, CODE_DIGITS);
        return String.format("%0" + CODE_DIGITS + "d", random.nextInt(bound));
    }
}
