package quaybell.app;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import quaybell.HallFixtures;
import quaybell.domain.HallException;
import quaybell.domain.LotState;
import quaybell.store.LotStore;

class LotServiceTest {

    private final LotStore lots = mock(LotStore.class);
    private final LandingService landings = mock(LandingService.class);
    private final LotService service = new LotService(lots, landings, mock(ApplicationEventPublisher.class));

    @Test
    void cutsNoMoreThanIsLeft() {
        when(landings.find(7)).thenReturn(HallFixtures.cod());
        when(lots.ofLanding(7)).thenReturn(List.of(HallFixtures.lot(LotState.WAITING)));
        assertThrows(HallException.class, () -> service.cut(7, 1, 3200));
    }

    @Test
    void leavesNothingWhenAllIsTaken() {
        service.remainder(HallFixtures.lot(LotState.SOLD), 12);
        verify(lots, never()).insert(anyLong(), any(), any(), anyInt(), anyInt(), anyInt());
    }

    @Test
    void keepsTheWeightOfWhatIsLeft() {
        service.remainder(HallFixtures.lot(LotState.SOLD), 9);
        verify(lots).insert(eq(7L), eq("COD"), any(), eq(3), eq(120_000), eq(3200));
    }
}
