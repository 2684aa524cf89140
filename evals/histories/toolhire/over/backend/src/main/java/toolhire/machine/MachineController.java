package toolhire.machine;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import toolhire.Refused;

@RestController
@RequestMapping("/api/machines")
public class MachineController {

    record Hours(int hours) {
    }

    record Lock(String reason) {
    }

    private final MachineRepository machines;
    private final MeterReadingRepository readings;
    private final Clock clock;

    MachineController(MachineRepository machines, MeterReadingRepository readings, Clock clock) {
        this.machines = machines;
        this.readings = readings;
        this.clock = clock;
    }

    @GetMapping
    List<Machine> free(@RequestParam String kind, @RequestParam Instant from, @RequestParam Instant to) {
        return machines.findFree(kind, from, to);
    }

    @GetMapping("/of/{yard}")
    List<Machine> ofYard(@PathVariable String yard) {
        return machines.findByYardOrderByTag(yard);
    }

    @PostMapping("/{tag}/readings")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Transactional
    void reading(@PathVariable String tag, @RequestBody Hours body) {
        int before = readings.findFirstByMachineTagOrderByReadAtDesc(tag).map(MeterReading::getHours).orElse(0);
        if (body.hours() < before) {
            throw Refused.conflict("The meter showed " + before + " hours before.");
        }
        readings.save(new MeterReading(tag, body.hours(), clock.instant(), "yard"));
    }

    @GetMapping("/{tag}/readings")
    List<MeterReading> history(@PathVariable String tag) {
        return readings.findTop20ByMachineTagOrderByReadAtDesc(tag);
    }

    /** An empty reason unlocks. */
    @PutMapping("/{tag}/lock")
    @Transactional
    Machine lock(@PathVariable String tag, @RequestBody Lock body) {
        Machine machine = machines.findById(tag).orElseThrow(() -> Refused.unknown("machine " + tag));
        if (body.reason() == null || body.reason().isBlank()) {
            machine.unlock();
        } else {
            machine.lock(body.reason());
        }
        return machine;
    }
}
