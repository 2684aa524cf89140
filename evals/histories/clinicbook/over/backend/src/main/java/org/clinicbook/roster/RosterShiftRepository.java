package org.clinicbook.roster;

import java.time.LocalDate;
import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface RosterShiftRepository extends JpaRepository<RosterShift, Long> {

    @Query("""
            select s from RosterShift s
            where s.onDay = :day
              and not exists (select a from Absence a
                              where a.vetId = s.vetId and :day between a.firstDay and a.lastDay)""")
    List<RosterShift> onDay(LocalDate day);

    List<RosterShift> findByOnDayBetweenOrderByOnDay(LocalDate first, LocalDate last);
}
