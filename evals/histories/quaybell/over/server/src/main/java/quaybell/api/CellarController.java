package quaybell.api;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import quaybell.app.PickupService;
import quaybell.store.PickupStore;

@RestController
@RequestMapping("/api/cellar")
class CellarController {

    private final PickupService pickups;

    CellarController(PickupService pickups) {
        this.pickups = pickups;
    }

    @GetMapping
    List<PickupStore.Pickup> standing() {
        return pickups.waiting();
    }

    @PostMapping("/{sale}/seal")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void seal(@PathVariable long sale, @RequestParam int bay) {
        pickups.wrap(sale, bay);
    }

    @PostMapping("/gate/{code}")
    PickupStore.Pickup open(@PathVariable String code) {
        return pickups.letOut(code);
    }
}
