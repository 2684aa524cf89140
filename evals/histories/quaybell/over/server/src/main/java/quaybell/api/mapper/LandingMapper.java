package quaybell.api.mapper;

import org.springframework.stereotype.Component;
import quaybell.api.dto.LandingDto;
import quaybell.domain.Landing;
import quaybell.domain.Species;

@Component
public class LandingMapper {

    public LandingDto toDto(Landing landing) {
        return new LandingDto(
            landing.id(),
            landing.vessel(),
            landing.species(),
            Species.nameOf(landing.species()),
            landing.grade().name(),
            landing.crates(),
            landing.netGrams() / 1000.0,
            landing.weighedAt(),
            landing.isVoided());
    }
}
