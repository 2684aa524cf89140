package org.clinicbook.patient;

import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface PatientRepository extends JpaRepository<Patient, Long> {

    @Query("""
            select p from Patient p
            where p.mergedInto is null
              and (lower(p.name) like lower(concat(:text, '%')) or p.chipNumber = :text
                   or lower(p.keeper.fullName) like lower(concat('%', :text, '%')))
            order by p.name""")
    List<Patient> search(String text);
}
