package quaybell.api;

import jakarta.validation.Valid;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import quaybell.api.dto.CatchRequest;
import quaybell.api.dto.LandingDto;
import quaybell.api.mapper.LandingMapper;
import quaybell.app.LandingService;
import quaybell.domain.Grade;
import quaybell.domain.HallException;

@RestController
@RequestMapping("/api/landings")
class LandingController {

    private final LandingService landings;
    private final LandingMapper mapper;

    LandingController(LandingService landings, LandingMapper mapper) {
        this.landings = landings;
        this.mapper = mapper;
    }

    @GetMapping
    List<LandingDto> recent(@RequestParam(defaultValue = "12") int hours) {
        return landings.ofLastHours(hours).stream().map(mapper::toDto).toList();
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    LandingDto weigh(@Valid @RequestBody CatchRequest request) {
        Grade grade = grade(request.grade());
        return mapper.toDto(landings.weighIn(
            request.callsign().toUpperCase(Locale.ROOT), request.species(), grade, request.crates(),
            request.grossGrams()));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void scrap(@PathVariable long id, @RequestParam String why) {
        landings.voidLanding(id, why);
    }

    private static Grade grade(String name) {
        try {
            return Grade.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException error) {
            throw HallException.invalid("grade", "There is no grade " + name + ".");
        }
    }
}
