package org.clinicbook.roster;

import java.time.LocalDate;
import java.util.List;

import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api")
class RosterController {

    private final RosterShiftRepository shifts;
    private final EntityManager entities;

    RosterController(RosterShiftRepository shifts, EntityManager entities) {
        this.shifts = shifts;
        this.entities = entities;
    }

    @GetMapping("/roster/{monday}")
    List<RosterShift> rosterWeek(@PathVariable LocalDate monday) {
        return shifts.findByOnDayBetweenOrderByOnDay(monday, monday.plusDays(6));
    }

    @PostMapping("/absences")
    @ResponseStatus(HttpStatus.CREATED)
    @Transactional
    Absence reportAbsence(@RequestBody @Valid Absence absence) {
        entities.persist(absence);
        return absence;
    }
}
