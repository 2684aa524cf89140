package org.clinicbook.waitlist;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

import org.clinicbook.appointment.BookingService;
import org.clinicbook.appointment.Slot;
import org.clinicbook.appointment.SlotFreed;
import org.clinicbook.patient.Patient;
import org.clinicbook.reminder.SmsGateway;
import org.junit.jupiter.api.Test;
import org.mockito.Answers;

class OfferServiceTest {

    private static final Instant NOW = Instant.parse("2024-09-02T08:00:00Z");

    private final WaitingListRepository waiting = mock();
    private final SlotOfferRepository offers = mock();
    private final SmsGateway messages = mock();
    private final OfferService service =
            new OfferService(waiting, offers, mock(BookingService.class), messages, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void theNextInLineIsTold() {
        Patient patient = mock(Patient.class, Answers.RETURNS_DEEP_STUBS);
        when(patient.getName()).thenReturn("Momo");
        when(waiting.next(any())).thenReturn(Optional.of(new WaitingEntry(patient, 1, "limps", NOW)));
        when(offers.save(any())).thenAnswer(call -> call.getArgument(0));
        service.onFreed(new SlotFreed(new Slot(1, 2, NOW.plusSeconds(7200), NOW.plusSeconds(8400))));
        verify(messages).send(any(), contains("Momo"));
        verify(offers).save(any());
    }
}
