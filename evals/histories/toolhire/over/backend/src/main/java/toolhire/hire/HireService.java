package toolhire.hire;

import java.time.Clock;
import java.time.Instant;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import toolhire.Refused;
import toolhire.deposit.DepositService;
import toolhire.machine.Machine;
import toolhire.machine.MachineRepository;

/** What happens to a hire until the machine comes back. */
@Service
public class HireService {

    private final HireContractRepository hires;
    private final MachineRepository machines;
    private final DepositService deposits;
    private final Clock clock;

    HireService(HireContractRepository hires, MachineRepository machines, DepositService deposits, Clock clock) {
        this.hires = hires;
        this.machines = machines;
        this.deposits = deposits;
        this.clock = clock;
    }

    @Transactional
    public HireContract book(String tag, long customerId, Instant from, Instant to) {
        if (hires.countOverlapping(tag, from, to) > 0) {
            throw Refused.conflict("Somebody else has " + tag + " in that time.");
        }
        return hires.save(new HireContract(hires.nextNumber(), tag, customerId, from, to));
    }

    /** The machine leaves the yard. From here on there is a hold on the customer's card. */
    @Transactional
    public HireContract handOut(String number) {
        HireContract hire = inState(number, HireContract.BOOKED);
        Machine machine = machines.findById(hire.getMachineTag()).orElseThrow();
        if (machine.isLocked()) {
            throw Refused.conflict(machine.getTag() + " is locked: " + machine.getLockReason());
        }
        deposits.hold(number, hire.getCustomerId(), machine.getDepositCents());
        hire.handedOut(clock.instant());
        return hire;
    }

    @Transactional
    public void extend(String number, Instant until) {
        if (hires.moveEnd(number, until) == 0) {
            throw Refused.conflict(number + " is not out.");
        }
    }

    /** Also of one that is out already, when the machine broke down at the customer's. */
    @Transactional
    public void cancel(String number) {
        HireContract hire = hires.findById(number).orElseThrow(() -> Refused.unknown("hire " + number));
        if (HireContract.BACK.equals(hire.getState())) {
            throw Refused.conflict(number + " is over.");
        }
        hire.cancelled();
    }

    private HireContract inState(String number, String state) {
        return hires.findByNumberAndState(number, state)
            .orElseThrow(() -> Refused.conflict(number + " is not " + state.toLowerCase() + "."));
    }
}
