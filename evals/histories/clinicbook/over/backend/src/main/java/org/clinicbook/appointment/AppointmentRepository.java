package org.clinicbook.appointment;

import java.time.Instant;
import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

public interface AppointmentRepository extends JpaRepository<Appointment, Long> {

    @Query("select a from Appointment a where a.startsAt >= :from and a.startsAt < :to order by a.startsAt, a.roomId")
    List<Appointment> between(Instant from, Instant to);

    @Query("""
            select a from Appointment a
            where a.startsAt < :to and a.endsAt > :from and a.state not in ('CANCELLED', 'MISSED')""")
    List<Appointment> takingTime(Instant from, Instant to);

    @Query("select a from Appointment a where a.state in ('BOOKED', 'CONFIRMED') and a.startsAt < :before")
    List<Appointment> notArrived(Instant before);

    @Query(nativeQuery = true, value = """
            select a.* from appointment a
            where a.state = 'BOOKED' and a.starts_at between :from and :to
              and not exists (select 1 from reminder_log r where r.appointment_id = a.id)""")
    List<Appointment> withoutReminder(Instant from, Instant to);

    @Modifying
    @Query(nativeQuery = true, value = "update appointment set patient_id = :kept where patient_id = :gone")
    int handOver(long gone, long kept);
}
