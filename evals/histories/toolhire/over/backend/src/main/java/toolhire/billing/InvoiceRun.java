package toolhire.billing;

import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import toolhire.Refused;
import toolhire.hire.HireContract;
import toolhire.hire.HireContractRepository;
import toolhire.machine.MachineRepository;

/** The invoices of a month: one for each hire that came back in it. */
@Service
public class InvoiceRun {

    private final HireContractRepository hires;
    private final MachineRepository machines;
    private final InvoiceRepository invoices;
    private final PriceCalculator prices;

    InvoiceRun(HireContractRepository hires, MachineRepository machines, InvoiceRepository invoices,
            PriceCalculator prices) {
        this.hires = hires;
        this.machines = machines;
        this.invoices = invoices;
        this.prices = prices;
    }

    /** May run as often as somebody likes: what has an invoice is left out. */
    @Transactional
    public List<Invoice> draft(YearMonth month) {
        Instant first = month.atDay(1).atStartOfDay(PriceCalculator.YARD).toInstant();
        Instant next = month.plusMonths(1).atDay(1).atStartOfDay(PriceCalculator.YARD).toInstant();
        for (HireContract hire : hires.findByStateAndReturnedAtBetween(HireContract.BACK, first, next)) {
            if (!invoices.existsByHireNumber(hire.getNumber())) {
                long dayCents = machines.findById(hire.getMachineTag()).orElseThrow().getDayCents();
                long cents = prices.cents(hire.getStartsAt(), hire.getReturnedAt(), dayCents);
                invoices.save(new Invoice(hire.getNumber(), hire.getCustomerId(), month.toString(), cents));
            }
        }
        return invoices.findByMonthOrderByCustomerId(month.toString());
    }

    @Transactional
    public void release(long id) {
        if (invoices.release(id) == 0) {
            throw Refused.conflict("Invoice " + id + " is no draft.");
        }
    }
}
