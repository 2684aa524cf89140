package quaybell.store;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
public class TemperatureStore {

    private final JdbcClient db;

    TemperatureStore(JdbcClient db) {
        this.db = db;
    }

    public void insert(long lotId, double celsius, Instant now) {
        db.sql("insert into temperature_reading (lot_id, celsius, read_at) values (:lot, :celsius, :now)")
            .param("lot", lotId)
            .param("celsius", celsius)
            .param("now", Timestamp.from(now))
            .update();
    }

    /** Lots still in the hall of which nobody has read anything colder since then. */
    public List<Long> withoutColdReadingSince(Instant then, double celsius) {
        return db.sql("""
                select l.id from lot l join landing g on g.id = l.landing_id
                where l.state in ('WAITING', 'ON_CLOCK', 'PASSED') and g.weighed_at < :then
                and not exists (
                    select 1 from temperature_reading t
                    where t.lot_id = l.id and t.read_at >= :then and t.celsius <= :celsius)
                order by l.id
                """)
            .param("then", Timestamp.from(then))
            .param("celsius", celsius)
            .query(Long.class)
            .list();
    }
}
