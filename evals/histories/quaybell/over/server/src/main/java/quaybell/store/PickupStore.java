package quaybell.store;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
public class PickupStore {

    public record Pickup(long saleId, int paddle, String gateCode, Integer bay, Instant sealedAt, Instant goneAt) {
    }

    private static final String COLUMNS = "sale_id, paddle, gate_code, bay, sealed_at, gone_at";

    private final JdbcClient db;

    PickupStore(JdbcClient db) {
        this.db = db;
    }

    public void insert(long saleId, int paddle, String gateCode) {
        db.sql("insert into pickup (sale_id, paddle, gate_code) values (:sale, :paddle, :code) on conflict do nothing")
            .param("sale", saleId)
            .param("paddle", paddle)
            .param("code", gateCode)
            .update();
    }

    public List<Pickup> waiting() {
        return db.sql("select " + COLUMNS + " from pickup where gone_at is null order by sale_id")
            .query(Pickup.class)
            .list();
    }

    public Optional<Pickup> byCode(String gateCode) {
        return db.sql("select " + COLUMNS + " from pickup where gate_code = :code and gone_at is null")
            .param("code", gateCode)
            .query(Pickup.class)
            .optional();
    }

    public boolean seal(long saleId, int bay, Instant now) {
        return db.sql("update pickup set sealed_at = :now, bay = :bay where sale_id = :sale and sealed_at is null")
            .param("now", Timestamp.from(now))
            .param("bay", bay)
            .param("sale", saleId)
            .update() == 1;
    }

    public void leave(long saleId, Instant now) {
        db.sql("update pickup set gone_at = :now where sale_id = :sale")
            .param("now", Timestamp.from(now))
            .param("sale", saleId)
            .update();
    }
}
