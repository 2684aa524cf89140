package org.clinicbook.appointment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.jdbc.Sql;

@SpringBootTest
@Sql("/one-patient-two-rooms.sql")
class BookingServiceTest {

    private static final long PATIENT = 1;

    @Autowired
    private BookingService bookings;

    @Autowired
    private Clock clock;

    @Test
    void aRoomIsNotGivenTwice() {
        bookings.book(PATIENT, slot(1, 1, 10), "cough", false);
        assertThatThrownBy(() -> bookings.book(PATIENT, slot(2, 1, 10), "limps", false))
                .isInstanceOf(SlotTakenException.class);
    }

    @Test
    void whatIsCancelledTakesNoTime() {
        Appointment first = bookings.book(PATIENT, slot(1, 1, 11), "cough", false);
        bookings.cancel(first.getId(), true);
        assertThat(bookings.book(PATIENT, slot(1, 1, 11), "limps", false).getId()).isNotEqualTo(first.getId());
    }

    @Test
    void aKeeperCannotCancelAtTheDoor() {
        Appointment soon = bookings.book(PATIENT, slot(1, 1, 2), "cough", true);
        assertThatThrownBy(() -> bookings.cancel(soon.getId(), false)).isInstanceOf(TooLateException.class);
    }

    private Slot slot(long vet, long room, int hours) {
        Instant start = clock.instant().plusSeconds(hours * 3600L);
        return new Slot(vet, room, start, start.plusSeconds(1200));
    }
}
