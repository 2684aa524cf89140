package toolhire.returns;

import java.time.Clock;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import toolhire.Refused;
import toolhire.deposit.DepositService;
import toolhire.hire.HireContract;
import toolhire.hire.HireContractRepository;
import toolhire.machine.MachineRepository;
import toolhire.machine.MeterReading;
import toolhire.machine.MeterReadingRepository;

/** A machine comes back, and what its state means for the deposit. */
@Service
public class ReturnService {

    private final HireContractRepository hires;
    private final ReturnInspectionRepository inspections;
    private final MeterReadingRepository readings;
    private final MachineRepository machines;
    private final DepositService deposits;
    private final Clock clock;

    ReturnService(HireContractRepository hires, ReturnInspectionRepository inspections,
            MeterReadingRepository readings, MachineRepository machines, DepositService deposits, Clock clock) {
        this.hires = hires;
        this.inspections = inspections;
        this.readings = readings;
        this.machines = machines;
        this.deposits = deposits;
        this.clock = clock;
    }

    @Transactional
    public ReturnInspection receive(String number, int hours, boolean dirty, boolean damaged) {
        HireContract hire = hires.findByNumberAndState(number, HireContract.OUT)
            .orElseThrow(() -> Refused.conflict(number + " is not out."));
        hire.cameBack(clock.instant());
        readings.save(new MeterReading(hire.getMachineTag(), hours, clock.instant(), "return"));
        if (damaged) {
            machines.findById(hire.getMachineTag()).orElseThrow().lock("damaged, " + number);
        } else {
            deposits.release(number);
        }
        return inspections.save(new ReturnInspection(number, clock.instant(), hours, dirty, damaged));
    }

    @Transactional
    public ReturnInspection settleDamage(long id, String text, long cents) {
        ReturnInspection seen = inspections.findById(id).orElseThrow(() -> Refused.unknown("return " + id));
        if (seen.getDamageCents() != null) {
            throw Refused.conflict("That damage was settled before.");
        }
        seen.assessed(text, cents);
        deposits.capture(seen.getHireNumber(), cents);
        return seen;
    }
}
