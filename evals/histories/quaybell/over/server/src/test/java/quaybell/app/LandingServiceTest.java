package quaybell.app;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import quaybell.domain.Grade;
import quaybell.domain.HallException;
import quaybell.domain.Landing;
import quaybell.store.LandingStore;
import quaybell.store.LotStore;

class LandingServiceTest {

    private final Instant now = Instant.parse("2024-02-01T05:00:00Z");
    private final LandingStore landings = mock(LandingStore.class);
    private final LandingService service = new LandingService(
        landings, mock(LotStore.class), mock(ApplicationEventPublisher.class), Clock.fixed(now, ZoneOffset.UTC));

    @Test
    void takesTheCratesOffTheWeight() {
        when(landings.isVesselKnown("LK5012")).thenReturn(true);
        when(landings.insert(any(), any(), any(), anyInt(), anyInt(), any())).thenReturn(7L);
        when(landings.find(7)).thenReturn(Optional.of(new Landing(7, "LK5012", "COD", Grade.A, 4, 1, now, null)));
        service.weighIn("LK5012", "COD", Grade.A, 4, 100_000);
        int net = 100_000 - 4 * LandingService.TARE_GRAMS;
        verify(landings).insert(eq("LK5012"), eq("COD"), eq(Grade.A), eq(4), eq(net), eq(now));
    }

    @Test
    void refusesWhatIsLighterThanItsCrates() {
        when(landings.isVesselKnown("LK5012")).thenReturn(true);
        assertThrows(HallException.class, () -> service.weighIn("LK5012", "COD", Grade.A, 10, 1000));
    }

    @Test
    void refusesSpeciesThatNobodySells() {
        assertThrows(HallException.class, () -> service.weighIn("LK5012", "XXX", Grade.A, 1, 90_000));
    }
}
