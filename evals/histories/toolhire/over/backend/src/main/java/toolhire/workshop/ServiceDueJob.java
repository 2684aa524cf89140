package toolhire.workshop;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import toolhire.machine.Machine;
import toolhire.machine.MachineRepository;
import toolhire.machine.MeterReading;
import toolhire.machine.MeterReadingRepository;

/** Sends machines to the workshop whose engines have run long enough. ADR 6. */
@Component
public class ServiceDueJob {

    static final int HOURS_BETWEEN = 250;

    private static final Logger LOG = LoggerFactory.getLogger(ServiceDueJob.class);

    private final MachineRepository machines;
    private final MeterReadingRepository readings;
    private final WorkshopOrderRepository orders;
    private final Clock clock;

    ServiceDueJob(MachineRepository machines, MeterReadingRepository readings, WorkshopOrderRepository orders,
            Clock clock) {
        this.machines = machines;
        this.readings = readings;
        this.orders = orders;
        this.clock = clock;
    }

    @Scheduled(cron = "0 30 4 * * *")
    @Transactional
    public void openOrders() {
        for (Machine machine : machines.findAll()) {
            int hours = readings.findFirstByMachineTagOrderByReadAtDesc(machine.getTag())
                .map(MeterReading::getHours).orElse(0);
            if (machine.hoursSinceService(hours) < HOURS_BETWEEN) {
                continue;
            }
            if (!orders.existsByMachineTagAndDoneAtIsNull(machine.getTag())) {
                orders.save(new WorkshopOrder(machine.getTag(), "service at " + hours + " h", clock.instant()));
                LOG.info("{} is due at {} hours", machine.getTag(), hours);
            }
        }
    }
}
