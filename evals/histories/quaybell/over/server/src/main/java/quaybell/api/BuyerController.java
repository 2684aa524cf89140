package quaybell.api;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import quaybell.api.dto.StandingDto;
import quaybell.api.mapper.SaleMapper;
import quaybell.app.BuyerService;

@RestController
@RequestMapping("/api/buyers")
class BuyerController {

    private final BuyerService buyers;
    private final SaleMapper mapper;

    BuyerController(BuyerService buyers, SaleMapper mapper) {
        this.buyers = buyers;
        this.mapper = mapper;
    }

    @GetMapping
    List<StandingDto> all() {
        return buyers.standings().stream().map(mapper::toDto).toList();
    }

    @PutMapping("/{paddle}/limit")
    StandingDto limit(@PathVariable int paddle, @RequestParam long kroner) {
        return mapper.toDto(buyers.raiseLimit(paddle, kroner * 100));
    }

    @PutMapping("/{paddle}/suspension")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void bar(@PathVariable int paddle) {
        buyers.suspend(paddle, true);
    }

    @DeleteMapping("/{paddle}/suspension")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void readmit(@PathVariable int paddle) {
        buyers.suspend(paddle, false);
    }
}
