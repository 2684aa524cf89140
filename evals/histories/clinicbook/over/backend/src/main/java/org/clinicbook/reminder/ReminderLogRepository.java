package org.clinicbook.reminder;

import org.springframework.data.jpa.repository.JpaRepository;

interface ReminderLogRepository extends JpaRepository<ReminderLog, String> {
}
