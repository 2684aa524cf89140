package quaybell.api.mapper;

import org.springframework.stereotype.Component;
import quaybell.api.dto.LotDto;
import quaybell.domain.Lot;
import quaybell.domain.Species;

@Component
public class LotMapper {

    public LotDto toDto(Lot lot) {
        return new LotDto(
            lot.id(),
            lot.landingId(),
            Species.nameOf(lot.species()),
            lot.grade().name(),
            lot.crates(),
            lot.grams() / 1000.0,
            lot.reserve() / 100.0,
            lot.state().name());
    }
}
