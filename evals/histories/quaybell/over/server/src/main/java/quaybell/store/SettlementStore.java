package quaybell.store;

import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What each vessel is owed for a day. */
@Repository
public class SettlementStore {

    public record Settlement(long id, String vessel, LocalDate day, long grossOre, long feeOre, boolean paid) {
    }

    private final JdbcClient db;

    SettlementStore(JdbcClient db) {
        this.db = db;
    }

    public void insert(String vessel, LocalDate day, long grossOre, long feeOre) {
        db.sql("insert into settlement (vessel, day, gross_ore, fee_ore) values (:vessel, :day, :gross, :fee)")
            .param("vessel", vessel)
            .param("day", day)
            .param("gross", grossOre)
            .param("fee", feeOre)
            .update();
    }

    public List<Settlement> ofDay(LocalDate day) {
        return db.sql("select id, vessel, day, gross_ore, fee_ore, paid from settlement where day = :day order by vessel")
            .param("day", day)
            .query(Settlement.class)
            .list();
    }

    public int markPaid(LocalDate day) {
        return db.sql("update settlement set paid = true where day = :day and not paid").param("day", day).update();
    }

    /** What a paddle has bought and the bank has not yet drawn. */
    public long openOre(int paddle) {
        return db.sql("""
                select coalesce(sum(s.grams::bigint * s.price_per_kilo / 1000), 0) from sale s
                where s.paddle = :paddle and s.drawn_at is null
                """)
            .param("paddle", paddle)
            .query(Long.class)
            .single();
    }
}
