package toolhire.billing;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "invoice")
public class Invoice {

    static final String DRAFT = "DRAFT";
    static final String RELEASED = "RELEASED";

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;
    private String hireNumber;
    private long customerId;
    private String month;
    private long cents;
    private String state;

    protected Invoice() {
    }

    Invoice(String hireNumber, long customerId, String month, long cents) {
        this.hireNumber = hireNumber;
        this.customerId = customerId;
        this.month = month;
        this.cents = cents;
        this.state = DRAFT;
    }

    public Long getId() {
        return id;
    }

    public String getHireNumber() {
        return hireNumber;
    }

    public long getCents() {
        return cents;
    }

    public String getState() {
        return state;
    }
}
