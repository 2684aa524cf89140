package toolhire.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PriceCalculatorTest {

    private final PriceCalculator prices = new PriceCalculator();

    @Test
    void anAfternoonIsOneDay() {
        assertEquals(9_000, cents("2025-03-04T12:00:00Z", "2025-03-04T16:00:00Z"));
    }

    @Test
    void overNightIsTwoDays() {
        assertEquals(18_000, cents("2025-03-04T15:00:00Z", "2025-03-05T07:00:00Z"));
    }

    private long cents(String from, String to) {
        return prices.cents(Instant.parse(from), Instant.parse(to), 9_000);
    }
}
