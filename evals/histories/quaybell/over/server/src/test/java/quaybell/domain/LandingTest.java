package quaybell.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import quaybell.HallFixtures;

class LandingTest {

    @Test
    void namesTheSpecies() {
        assertEquals("Cod", Species.nameOf(HallFixtures.cod().species()));
    }

    @Test
    void aFreshLandingCounts() {
        assertFalse(HallFixtures.cod().isVoided());
    }
}
