package quaybell.api;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import quaybell.app.SettlementService;
import quaybell.store.SettlementStore;

@RestController
@RequestMapping("/api/settlements")
class SettlementController {

    private final SettlementService settlements;

    SettlementController(SettlementService settlements) {
        this.settlements = settlements;
    }

    @GetMapping("/{day}")
    List<SettlementStore.Settlement> day(@PathVariable @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate day) {
        return settlements.ofDay(day);
    }

    /** For days on which the job did not run; the office calls it by hand. */
    @PostMapping("/{day}/close")
    void close(@PathVariable @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate day) {
        settlements.closeDay(day);
    }

    @PostMapping("/{day}/pay")
    Map<String, Integer> pay(@PathVariable @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate day) {
        return Map.of("paid", settlements.payOut(day));
    }
}
