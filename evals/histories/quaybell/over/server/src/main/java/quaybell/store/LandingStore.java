package quaybell.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import quaybell.domain.Grade;
import quaybell.domain.Landing;

@Repository
public class LandingStore {

    private final JdbcClient db;

    LandingStore(JdbcClient db) {
        this.db = db;
    }

    public long insert(String vessel, String species, Grade grade, int crates, int netGrams, Instant now) {
        return db.sql("""
                insert into landing (vessel, species, grade, crates, net_grams, weighed_at)
                values (:vessel, :species, :grade, :crates, :grams, :now) returning id
                """)
            .param("vessel", vessel)
            .param("species", species)
            .param("grade", grade.name())
            .param("crates", crates)
            .param("grams", netGrams)
            .param("now", Timestamp.from(now))
            .query(Long.class)
            .single();
    }

    public Optional<Landing> find(long id) {
        return db.sql("select * from landing where id = :id").param("id", id).query(LandingStore::landing).optional();
    }

    public List<Landing> since(Instant then) {
        return db.sql("select * from landing where weighed_at >= :then order by weighed_at")
            .param("then", Timestamp.from(then))
            .query(LandingStore::landing)
            .list();
    }

    public boolean markVoid(long id, Instant now) {
        return db.sql("update landing set voided_at = :now where id = :id and voided_at is null")
            .param("now", Timestamp.from(now))
            .param("id", id)
            .update() == 1;
    }

    public boolean isVesselKnown(String vessel) {
        return db.sql("select count(*) from vessel where callsign = :vessel")
            .param("vessel", vessel)
            .query(Long.class)
            .single() > 0;
    }

    private static Landing landing(ResultSet row, int number) throws SQLException {
        Timestamp voided = row.getTimestamp("voided_at");
        return new Landing(
            row.getLong("id"),
            row.getString("vessel"),
            row.getString("species"),
            Grade.valueOf(row.getString("grade")),
            row.getInt("crates"),
            row.getInt("net_grams"),
            row.getTimestamp("weighed_at").toInstant(),
            voided == null ? null : voided.toInstant());
    }
}
