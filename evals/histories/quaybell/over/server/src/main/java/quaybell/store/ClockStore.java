package quaybell.store;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The one row that says what hangs on the wall: which lot, from which price, since when. */
@Repository
public class ClockStore {

    public record Running(long lotId, int fromPrice, Instant startedAt) {
    }

    private final JdbcClient db;

    ClockStore(JdbcClient db) {
        this.db = db;
    }

    public Optional<Running> running() {
        return db.sql("select lot_id, from_price, started_at from hall_clock where lot_id is not null")
            .query((row, number) -> new Running(
                row.getLong("lot_id"), row.getInt("from_price"), row.getTimestamp("started_at").toInstant()))
            .optional();
    }

    /** Locks the row until the transaction ends, so that of two paddles one is first. */
    public Optional<Running> lockRunning() {
        return db.sql("select lot_id, from_price, started_at from hall_clock where lot_id is not null for update")
            .query((row, number) -> new Running(
                row.getLong("lot_id"), row.getInt("from_price"), row.getTimestamp("started_at").toInstant()))
            .optional();
    }

    public void start(long lotId, int fromPrice, Instant now) {
        db.sql("update hall_clock set lot_id = :lot, from_price = :price, started_at = :now")
            .param("lot", lotId)
            .param("price", fromPrice)
            .param("now", Timestamp.from(now))
            .update();
    }

    public void clear() {
        db.sql("update hall_clock set lot_id = null, from_price = null, started_at = null").update();
    }
}
