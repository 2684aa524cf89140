package toolhire.deposit;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;

/** Money on a customer's card that is kept for us, and not ours. */
@Entity
public class DepositHold {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;
    private String hireNumber;
    private String reference; // the processor's
    private long cents;
    private long capturedCents;
    private Instant lapsesAt;
    private Instant endedAt;

    protected DepositHold() {
    }

    DepositHold(String hireNumber, String reference, long cents, Instant lapsesAt) {
        this.hireNumber = hireNumber;
        this.reference = reference;
        this.cents = cents;
        this.lapsesAt = lapsesAt;
    }

    void renewed(String newReference, Instant until) {
        reference = newReference;
        lapsesAt = until;
    }

    void ended(long captured, Instant now) {
        capturedCents = captured;
        endedAt = now;
    }

    String getHireNumber() {
        return hireNumber;
    }

    String getReference() {
        return reference;
    }

    long getCents() {
        return cents;
    }
}
