package toolhire.customer;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.LocalDate;

/** Proof that one of a customer's people may drive a kind of machine. */
@Entity
public class OperatorCard {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;
    private long customerId;
    private String machineKind;
    private String cardNumber;
    private LocalDate validUntil;

    protected OperatorCard() {
    }

    OperatorCard(long customerId, String machineKind, String cardNumber, LocalDate validUntil) {
        this.customerId = customerId;
        this.machineKind = machineKind;
        this.cardNumber = cardNumber;
        this.validUntil = validUntil;
    }

    public String getMachineKind() {
        return machineKind;
    }

    public String getCardNumber() {
        return cardNumber;
    }

    public LocalDate getValidUntil() {
        return validUntil;
    }
}
