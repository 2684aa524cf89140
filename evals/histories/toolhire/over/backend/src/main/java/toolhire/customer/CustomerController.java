package toolhire.customer;

import java.time.LocalDate;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/customers/{customerId}")
public class CustomerController {

    record NewCard(String machineKind, String cardNumber, LocalDate validUntil) {
    }

    private final OperatorCardRepository cards;

    CustomerController(OperatorCardRepository cards) {
        this.cards = cards;
    }

    @GetMapping("/cards")
    List<OperatorCard> cards(@PathVariable long customerId) {
        return cards.findByCustomerIdOrderByValidUntilDesc(customerId);
    }

    @PostMapping("/cards")
    @ResponseStatus(HttpStatus.CREATED)
    OperatorCard register(@PathVariable long customerId, @RequestBody NewCard body) {
        return cards.save(
            new OperatorCard(customerId, body.machineKind(), body.cardNumber(), body.validUntil()));
    }
}
