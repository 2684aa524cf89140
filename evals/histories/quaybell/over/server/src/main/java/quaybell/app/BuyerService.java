package quaybell.app;

import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import quaybell.domain.Buyer;
import quaybell.domain.HallException;
import quaybell.store.BuyerStore;
import quaybell.store.SettlementStore;

/** The office's view of those who buy. */
@Service
public class BuyerService {

    public record Standing(Buyer buyer, long openOre) {

        public long leftOre() {
            return Math.max(0, buyer.limitOre() - openOre);
        }
    }

    private final BuyerStore buyers;
    private final SettlementStore settlements;

    BuyerService(BuyerStore buyers, SettlementStore settlements) {
        this.buyers = buyers;
        this.settlements = settlements;
    }

    public List<Standing> standings() {
        return buyers.all().stream().map(this::standing).toList();
    }

    public Standing standing(int paddle) {
        return standing(require(paddle));
    }

    @Transactional
    public Standing raiseLimit(int paddle, long limitOre) {
        require(paddle);
        if (limitOre < 0) {
            throw HallException.invalid("limit", "A limit is not negative.");
        }
        buyers.setLimit(paddle, limitOre);
        return standing(paddle);
    }

    @Transactional
    public void suspend(int paddle, boolean suspended) {
        require(paddle);
        buyers.setSuspended(paddle, suspended);
    }

    private Buyer require(int paddle) {
        return buyers.find(paddle).orElseThrow(() -> HallException.notFound("paddle " + paddle));
    }

    private Standing standing(Buyer buyer) {
        return new Standing(buyer, settlements.openOre(buyer.paddle()));
    }
}
