package quaybell.store;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import quaybell.domain.Buyer;

@Repository
public class BuyerStore {

    private final JdbcClient db;

    BuyerStore(JdbcClient db) {
        this.db = db;
    }

    public Optional<Buyer> find(int paddle) {
        return db.sql("select paddle, name, limit_ore, suspended from buyer where paddle = :paddle")
            .param("paddle", paddle)
            .query(Buyer.class)
            .optional();
    }

    public List<Buyer> all() {
        return db.sql("select paddle, name, limit_ore, suspended from buyer order by paddle").query(Buyer.class).list();
    }

    public void setLimit(int paddle, long limitOre) {
        db.sql("update buyer set limit_ore = :limit where paddle = :paddle")
            .param("limit", limitOre)
            .param("paddle", paddle)
            .update();
    }

    public void setSuspended(int paddle, boolean suspended) {
        db.sql("update buyer set suspended = :suspended where paddle = :paddle")
            .param("suspended", suspended)
            .param("paddle", paddle)
            .update();
    }
}
