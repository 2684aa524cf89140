package org.clinicbook.roster;

import java.time.LocalDate;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.validation.constraints.NotNull;

/** Days on which a vet is not there: holidays, illness, training. The shifts stay in the roster. */
@Entity
@Table(name = "absence")
public class Absence {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @NotNull
    @Column(name = "vet_id")
    private Long vetId;

    @NotNull
    @Column(name = "first_day")
    private LocalDate firstDay;

    @NotNull
    @Column(name = "last_day")
    private LocalDate lastDay;

    protected Absence() {
    }
}
