package org.clinicbook.patient;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;

/** An animal. The human is its keeper. */
@Entity
@Table(name = "patient")
public class Patient {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @Column(nullable = false)
    private String name;

    @Enumerated(EnumType.STRING)
    private Species species;

    @ManyToOne(optional = false)
    private Keeper keeper;

    @Column(name = "chip_number")
    private String chipNumber;

    /** The patient that this one turned out to be; the row stays, so that old paper finds it. */
    @Column(name = "merged_into")
    private Long mergedInto;

    protected Patient() {
    }

    public Long getId() {
        return id;
    }

    public String getName() {
        return name;
    }

    public Species getSpecies() {
        return species;
    }

    public Keeper getKeeper() {
        return keeper;
    }

    public String getChipNumber() {
        return chipNumber;
    }

    void becomeThe(Patient other) {
        mergedInto = other.id;
        if (other.chipNumber == null) {
            other.chipNumber = chipNumber;
        }
    }
}
