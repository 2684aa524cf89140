package toolhire.returns;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api")
public class ReturnController {

    record Seen(int hours, boolean dirty, boolean damaged) {
    }

    record Damage(String text, long cents) {
    }

    private final ReturnService service;
    private final ReturnInspectionRepository inspections;

    ReturnController(ReturnService service, ReturnInspectionRepository inspections) {
        this.service = service;
        this.inspections = inspections;
    }

    @PostMapping("/hires/{number}/return")
    ReturnInspection checkIn(@PathVariable String number, @RequestBody Seen body) {
        return service.receive(number, body.hours(), body.dirty(), body.damaged());
    }

    @GetMapping("/returns/unassessed")
    List<ReturnInspection> unassessed() {
        return inspections.findByDamagedTrueAndDamageCentsIsNullOrderBySeenAt();
    }

    @PutMapping("/returns/{id}/damage")
    ReturnInspection assess(@PathVariable long id, @RequestBody Damage body) {
        return service.settleDamage(id, body.text(), body.cents());
    }
}
