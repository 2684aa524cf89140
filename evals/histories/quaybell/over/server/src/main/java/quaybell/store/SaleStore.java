package quaybell.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import quaybell.domain.Sale;

@Repository
public class SaleStore {

    private final JdbcClient db;

    SaleStore(JdbcClient db) {
        this.db = db;
    }

    public long insert(long lotId, int paddle, int crates, int grams, int pricePerKilo, Instant now) {
        return db.sql("""
                insert into sale (lot_id, paddle, crates, grams, price_per_kilo, sold_at)
                values (:lot, :paddle, :crates, :grams, :price, :now) returning id
                """)
            .param("lot", lotId)
            .param("paddle", paddle)
            .param("crates", crates)
            .param("grams", grams)
            .param("price", pricePerKilo)
            .param("now", Timestamp.from(now))
            .query(Long.class)
            .single();
    }

    public Optional<Sale> find(long id) {
        return db.sql("select * from sale where id = :id").param("id", id).query(SaleStore::sale).optional();
    }

    public List<Sale> between(Instant from, Instant to) {
        return db.sql("select * from sale where sold_at >= :from and sold_at < :to order by id")
            .param("from", Timestamp.from(from))
            .param("to", Timestamp.from(to))
            .query(SaleStore::sale)
            .list();
    }

    private static Sale sale(ResultSet row, int number) throws SQLException {
        return new Sale(
            row.getLong("id"),
            row.getLong("lot_id"),
            row.getInt("paddle"),
            row.getInt("crates"),
            row.getInt("grams"),
            row.getInt("price_per_kilo"),
            row.getTimestamp("sold_at").toInstant());
    }
}
