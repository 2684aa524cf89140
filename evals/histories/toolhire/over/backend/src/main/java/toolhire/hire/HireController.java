package toolhire.hire;

import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import toolhire.Refused;

@RestController
@RequestMapping("/api/hires")
public class HireController {

    record NewHire(String machineTag, long customerId, Instant from, Instant to) {
    }

    record Until(Instant until) {
    }

    record Papers(String number, String machineTag, Instant from, Instant to, String terms) {
    }

    private final HireService service;
    private final HireContractRepository hires;

    HireController(HireService service, HireContractRepository hires) {
        this.service = service;
        this.hires = hires;
    }

    @GetMapping
    List<HireContract> ofCustomer(@RequestParam long customerId) {
        return hires.findByCustomerIdOrderByStartsAtDesc(customerId);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    HireContract create(@RequestBody NewHire body) {
        return service.book(body.machineTag(), body.customerId(), body.from(), body.to());
    }

    @PostMapping("/{number}/handout")
    HireContract handOut(@PathVariable String number) {
        return service.handOut(number);
    }

    @PostMapping("/{number}/extension")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void prolong(@PathVariable String number, @RequestBody Until body) {
        service.extend(number, body.until());
    }

    @DeleteMapping("/{number}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(@PathVariable String number) {
        service.cancel(number);
    }

    /** For the driver's cab: the police want to see who has the machine. */
    @GetMapping("/{number}/papers")
    Papers papers(@PathVariable String number) {
        HireContract hire = hires.findById(number).orElseThrow(() -> Refused.unknown("hire " + number));
        return new Papers(number, hire.getMachineTag(), hire.getStartsAt(), hire.getEndsAt(), "Terms of 2025-01");
    }
}
