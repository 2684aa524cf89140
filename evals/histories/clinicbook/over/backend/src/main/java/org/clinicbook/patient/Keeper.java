package org.clinicbook.patient;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Whoever brings the animal and is sent the messages. */
@Entity
@Table(name = "keeper")
public class Keeper {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @Column(name = "full_name", nullable = false)
    private String fullName;

    private String mail;

    @Column(name = "mobile_number")
    private String mobileNumber;

    protected Keeper() {
    }

    public String getFullName() {
        return fullName;
    }

    public String getMail() {
        return mail;
    }

    public String getMobileNumber() {
        return mobileNumber;
    }
}
