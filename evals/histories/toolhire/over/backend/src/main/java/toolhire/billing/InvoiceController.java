package toolhire.billing;

import java.time.YearMonth;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api")
public class InvoiceController {

    record Month(YearMonth month) {
    }

    private final InvoiceRun run;

    InvoiceController(InvoiceRun run) {
        this.run = run;
    }

    @PostMapping("/invoice-runs")
    List<Invoice> start(@RequestBody Month body) {
        return run.draft(body.month());
    }

    @PostMapping("/invoices/{id}/release")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void send(@PathVariable long id) {
        run.release(id);
    }
}
