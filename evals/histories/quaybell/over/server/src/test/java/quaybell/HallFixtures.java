package quaybell;

import java.time.Instant;
import quaybell.domain.Buyer;
import quaybell.domain.Grade;
import quaybell.domain.Landing;
import quaybell.domain.Lot;
import quaybell.domain.LotState;

/** One landing, one lot and one buyer that tests share. */
public final class HallFixtures {

    public static final Instant DAWN = Instant.parse("2024-02-01T05:00:00Z");

    private HallFixtures() {
    }

    public static Landing cod() {
        return new Landing(7, "LK5012", "COD", Grade.A, 12, 480_000, DAWN, null);
    }

    public static Lot lot(LotState state) {
        return new Lot(31, 7, "COD", Grade.A, 12, 480_000, 3200, 1, state);
    }

    public static Buyer smokehouse(long limitOre) {
        return new Buyer(14, "Nordhavn smokehouse", limitOre, false);
    }
}
