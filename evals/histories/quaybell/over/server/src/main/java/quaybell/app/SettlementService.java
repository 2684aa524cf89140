package quaybell.app;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import quaybell.config.HallProperties;
import quaybell.domain.Sale;
import quaybell.store.SaleStore;
import quaybell.store.SettlementStore;

/** Who is owed what at the end of the day. */
@Service
public class SettlementService {

    static final long FEE_PER_MILLE = 25;

    private static final Logger LOG = LoggerFactory.getLogger(SettlementService.class);

    private final SaleStore sales;
    private final SettlementStore settlements;
    private final LotService lots;
    private final LandingService landings;
    private final HallProperties hall;

    SettlementService(SaleStore sales, SettlementStore settlements, LotService lots, LandingService landings,
            HallProperties hall) {
        this.sales = sales;
        this.settlements = settlements;
        this.lots = lots;
        this.landings = landings;
        this.hall = hall;
    }

    /** Adds up the sales of a day by vessel and keeps back the fee of the hall. */
    @Transactional
    public void closeDay(LocalDate day) {
        Instant from = day.atStartOfDay(hall.zone()).toInstant();
        Instant to = day.plusDays(1).atStartOfDay(hall.zone()).toInstant();
        Map<String, Long> gross = new TreeMap<>();
        for (Sale sale : sales.between(from, to)) {
            String vessel = landings.find(lots.find(sale.lotId()).landingId()).vessel();
            gross.merge(vessel, sale.ore(), Long::sum);
        }
        gross.forEach((vessel, ore) -> settlements.insert(vessel, day, ore, fee(ore)));
        LOG.info("Closed {} with {} vessels.", day, gross.size());
    }

    static long fee(long ore) {
        return Math.ceilDiv(ore * FEE_PER_MILLE, 1000);
    }

    @Transactional
    public int payOut(LocalDate day) {
        return settlements.markPaid(day);
    }

    public List<SettlementStore.Settlement> ofDay(LocalDate day) {
        return settlements.ofDay(day);
    }
}
