package org.clinicbook.visit;

import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

public interface VisitRepository extends JpaRepository<Visit, Long> {

    List<Visit> findByPatientIdAndWeightNotNullOrderByWrittenAt(long patientId);

    @Modifying
    @Query(nativeQuery = true, value = "update visit set patient_id = :kept where patient_id = :gone")
    int handOver(long gone, long kept);
}
