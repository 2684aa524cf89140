package quaybell.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import quaybell.domain.Grade;
import quaybell.domain.Lot;
import quaybell.domain.LotState;

@Repository
public class LotStore {

    private final JdbcClient db;

    LotStore(JdbcClient db) {
        this.db = db;
    }

    public long insert(long landingId, String species, Grade grade, int crates, int grams, int reserve) {
        return db.sql("""
                insert into lot (landing_id, species, grade, crates, grams, reserve, state)
                values (:landing, :species, :grade, :crates, :grams, :reserve, 'WAITING') returning id
                """)
            .param("landing", landingId)
            .param("species", species)
            .param("grade", grade.name())
            .param("crates", crates)
            .param("grams", grams)
            .param("reserve", reserve)
            .query(Long.class)
            .single();
    }

    public Optional<Lot> find(long id) {
        return db.sql("select * from lot where id = :id").param("id", id).query(LotStore::lot).optional();
    }

    /** The next one that goes under the clock. */
    public Optional<Lot> next() {
        return db.sql("""
                select * from lot where state = 'WAITING'
                order by landing_id, id
                limit 1
                """)
            .query(LotStore::lot)
            .optional();
    }

    public List<Lot> ofLanding(long landingId) {
        return db.sql("select * from lot where landing_id = :landing order by id")
            .param("landing", landingId)
            .query(LotStore::lot)
            .list();
    }

    public List<Lot> waiting() {
        return db.sql("select * from lot where state in ('WAITING', 'ON_CLOCK') order by id").query(LotStore::lot).list();
    }

    public boolean move(long id, LotState from, LotState to) {
        return db.sql("update lot set state = :to where id = :id and state = :from")
            .param("to", to.name())
            .param("id", id)
            .param("from", from.name())
            .update() == 1;
    }

    private static Lot lot(ResultSet row, int number) throws SQLException {
        return new Lot(
            row.getLong("id"),
            row.getLong("landing_id"),
            row.getString("species"),
            Grade.valueOf(row.getString("grade")),
            row.getInt("crates"),
            row.getInt("grams"),
            row.getInt("reserve"),
            row.getInt("round"),
            LotState.valueOf(row.getString("state")));
    }
}
