package org.clinicbook.appointment;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import org.clinicbook.patient.Species;

@RestController
@RequestMapping("/api")
class AppointmentController {

    record Booking(@NotNull Long patientId, @NotNull Slot slot, String reason, boolean urgent) {
    }

    private final BookingService bookings;
    private final AppointmentRepository appointments;
    private final SlotFinder slots;
    private final Clock clock;

    AppointmentController(BookingService bookings, AppointmentRepository appointments, SlotFinder slots, Clock clock) {
        this.bookings = bookings;
        this.appointments = appointments;
        this.slots = slots;
        this.clock = clock;
    }

    @GetMapping("/slots")
    List<Slot> freeSlots(@RequestParam LocalDate day, @RequestParam Species species) {
        return slots.free(day, species);
    }

    @GetMapping("/appointments")
    List<Appointment> dayPlan(@RequestParam LocalDate day) {
        var zone = clock.getZone();
        return appointments.between(day.atStartOfDay(zone).toInstant(), day.plusDays(1).atStartOfDay(zone).toInstant());
    }

    @PostMapping("/appointments")
    @ResponseStatus(HttpStatus.CREATED)
    Appointment bookAppointment(@RequestBody @Valid Booking booking) {
        return bookings.book(booking.patientId(), booking.slot(), booking.reason(), booking.urgent());
    }

    @PutMapping("/appointments/{id}/slot")
    Appointment moveAppointment(@PathVariable long id, @RequestBody Slot slot) {
        return bookings.move(id, slot);
    }

    @PostMapping("/appointments/{id}/arrival")
    Appointment checkIn(@PathVariable long id) {
        return bookings.arrive(id);
    }

    @DeleteMapping("/appointments/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancelAppointment(@PathVariable long id) {
        bookings.cancel(id, true);
    }
}
