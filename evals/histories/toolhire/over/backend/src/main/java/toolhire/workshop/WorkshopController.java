package toolhire.workshop;

import java.time.Clock;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import toolhire.Refused;
import toolhire.machine.MachineRepository;
import toolhire.machine.MeterReading;
import toolhire.machine.MeterReadingRepository;

@RestController
@RequestMapping("/api/job-cards")
public class WorkshopController {

    record Finished(int hours) {
    }

    private final WorkshopOrderRepository orders;
    private final MachineRepository machines;
    private final MeterReadingRepository readings;
    private final Clock clock;

    WorkshopController(WorkshopOrderRepository orders, MachineRepository machines, MeterReadingRepository readings,
            Clock clock) {
        this.orders = orders;
        this.machines = machines;
        this.readings = readings;
        this.clock = clock;
    }

    @GetMapping
    List<WorkshopOrder> open() {
        return orders.findByDoneAtIsNullOrderByOpenedAt();
    }

    @PostMapping("/{id}/done")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Transactional
    void close(@PathVariable long id, @RequestBody Finished body) {
        WorkshopOrder order = orders.findById(id).orElseThrow(() -> Refused.unknown("job card " + id));
        order.done(clock.instant());
        readings.save(new MeterReading(order.getMachineTag(), body.hours(), clock.instant(), "workshop"));
        machines.findById(order.getMachineTag()).orElseThrow().serviced(body.hours());
    }
}
