package quaybell.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reports that wait for the directorate. */
@Repository
public class OutboxStore {

    public record Report(long id, String kind, String body, int attempts) {
    }

    private final JdbcClient db;
    private final ObjectMapper json;

    OutboxStore(JdbcClient db, ObjectMapper json) {
        this.db = db;
        this.json = json;
    }

    public void put(String kind, Map<String, Object> body) {
        try {
            db.sql("insert into report_outbox (kind, body) values (:kind, :body::jsonb)")
                .param("kind", kind)
                .param("body", json.writeValueAsString(body))
                .update();
        } catch (JsonProcessingException error) {
            throw new IllegalStateException(error);
        }
    }

    public List<Report> due(int most) {
        return db.sql("""
                select id, kind, body::text as body, attempts from report_outbox
                where sent_at is null order by id limit :most
                """)
            .param("most", most)
            .query(Report.class)
            .list();
    }

    public void sent(long id) {
        db.sql("update report_outbox set sent_at = now() where id = :id").param("id", id).update();
    }

    public void failed(long id, String why) {
        db.sql("update report_outbox set attempts = attempts + 1, last_error = :why where id = :id")
            .param("why", why)
            .param("id", id)
            .update();
    }
}
