package quaybell.jobs;

import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;
import quaybell.store.OutboxStore;

class OutboxRelayTest {

    private final OutboxStore outbox = mock(OutboxStore.class);
    private final OutboxRelay relay = new OutboxRelay(outbox, mock(RestClient.class));

    @Test
    void doesNothingWhereNothingWaits() {
        when(outbox.due(anyInt())).thenReturn(List.of());
        relay.carry();
        verify(outbox, never()).sent(anyLong());
    }
}
