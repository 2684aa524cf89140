package quaybell.api.mapper;

import org.springframework.stereotype.Component;
import quaybell.api.dto.SaleDto;
import quaybell.api.dto.StandingDto;
import quaybell.app.BuyerService;
import quaybell.domain.Sale;

/** Øre within, kroner without. Decision 1. */
@Component
public class SaleMapper {

    public SaleDto toDto(Sale sale) {
        return new SaleDto(
            sale.id(),
            sale.lotId(),
            sale.paddle(),
            sale.crates(),
            sale.pricePerKilo() / 100.0,
            sale.ore() / 100.0);
    }

    public StandingDto toDto(BuyerService.Standing standing) {
        return new StandingDto(
            standing.buyer().paddle(),
            standing.buyer().name(),
            standing.buyer().limitOre() / 100,
            standing.openOre() / 100,
            standing.leftOre() / 100,
            standing.buyer().suspended());
    }
}
