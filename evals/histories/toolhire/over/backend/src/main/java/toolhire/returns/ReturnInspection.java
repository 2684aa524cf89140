package toolhire.returns;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;

/** What somebody of the yard saw when a machine came back. */
@Entity
public class ReturnInspection {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;
    private String hireNumber;
    private Instant seenAt;
    private int hours;
    private boolean dirty;
    private boolean damaged;
    private String damage;
    private Long damageCents;

    protected ReturnInspection() {
    }

    ReturnInspection(String hireNumber, Instant seenAt, int hours, boolean dirty, boolean damaged) {
        this.hireNumber = hireNumber;
        this.seenAt = seenAt;
        this.hours = hours;
        this.dirty = dirty;
        this.damaged = damaged;
    }

    void assessed(String text, long cents) {
        damage = text;
        damageCents = cents;
    }

    public Long getId() {
        return id;
    }

    public String getHireNumber() {
        return hireNumber;
    }

    public boolean isDirty() {
        return dirty;
    }

    public boolean isDamaged() {
        return damaged;
    }

    public Long getDamageCents() {
        return damageCents;
    }
}
