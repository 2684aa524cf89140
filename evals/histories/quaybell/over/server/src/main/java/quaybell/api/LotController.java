package quaybell.api;

import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import quaybell.api.dto.CutRequest;
import quaybell.api.dto.LotDto;
import quaybell.api.mapper.LotMapper;
import quaybell.app.LotService;

@RestController
@RequestMapping("/api")
class LotController {

    private final LotService lots;
    private final LotMapper mapper;

    LotController(LotService lots, LotMapper mapper) {
        this.lots = lots;
        this.mapper = mapper;
    }

    @GetMapping("/lots")
    List<LotDto> sheet() {
        return lots.waiting().stream().map(mapper::toDto).toList();
    }

    @PostMapping("/landings/{landing}/lots")
    @ResponseStatus(HttpStatus.CREATED)
    LotDto cut(@PathVariable long landing, @Valid @RequestBody CutRequest request) {
        return mapper.toDto(lots.cut(landing, request.crates(), request.reserve()));
    }
}
