package quaybell.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SettlementServiceTest {

    @Test
    void theFeeIsRoundedUp() {
        assertEquals(1, SettlementService.fee(1));
    }

    @Test
    void theFeeOfNothingIsNothing() {
        assertEquals(0, SettlementService.fee(0));
    }

    @Test
    void theFeeIsAShareOfTheGross() {
        assertEquals(1000 * SettlementService.FEE_PER_MILLE, SettlementService.fee(1_000_000));
    }
}
