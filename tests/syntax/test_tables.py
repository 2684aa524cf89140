"""SQL in the dialects that projects have, and where it is a design."""

import pytest

from surefoot.domain import Source
from surefoot.syntax.parse import parse


def rows(text: str) -> list[str]:
    return [f"{symbol.kind} {symbol.qualified_name}" for symbol in parse("a.sql", text, "sql").symbols]


POSTGRES = """\
-- Orders of customers.
CREATE TABLE IF NOT EXISTS public.orders (
    id bigserial PRIMARY KEY,
    total numeric(10,2) DEFAULT 0.00 CHECK (total >= 0),
    state order_state NOT NULL DEFAULT 'open'::order_state,
    "Mixed Case" text, key text, -- CREATE TABLE no (a int);
    CONSTRAINT positive CHECK (total > 0),
    FOREIGN KEY (id) REFERENCES customers (id)
) PARTITION BY RANGE (created_at);
CREATE TABLE orders_2024 PARTITION OF orders FOR VALUES FROM ('2024') TO ('2025');
CREATE TYPE order_state AS ENUM ('open', 'paid;');
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS by_total ON public.orders USING btree (total);
CREATE INDEX ON orders (total);
ALTER TABLE ONLY public.orders
    ADD COLUMN IF NOT EXISTS note text NOT NULL DEFAULT '',
    ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b(id), DROP COLUMN old;
ALTER TABLE orders RENAME COLUMN total TO amount;
CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  CREATE TABLE inside (a int);
END;
$fn$;
CREATE MATERIALIZED VIEW totals AS SELECT (a) FROM b;
GRANT CREATE ON SCHEMA public TO x;
COMMENT ON TABLE public.orders IS 'All orders; there''s more';
"""

MYSQL = """\
/*!40101 SET x = 1 */;
CREATE TABLE `orders` (
  `id` int unsigned NOT NULL AUTO_INCREMENT COMMENT 'it\\'s (',
  `flags` set('a','b'),
  PRIMARY KEY (`id`), UNIQUE KEY `u` (`id`), KEY `by_id` (`id`) USING BTREE
) ENGINE=InnoDB COMMENT='Orders';
ALTER TABLE `orders` ADD `note` varchar(255) AFTER `id`, ADD INDEX `i` (`note`), CHANGE COLUMN a b int;
DELIMITER $$
CREATE PROCEDURE `pay`(IN p INT)
BEGIN
  IF p THEN UPDATE orders SET a = CASE WHEN p THEN 1 END; END IF;
  SELECT 1;
END $$
DELIMITER ;
CREATE DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `v` AS select 1;
"""

SQLITE = """\
CREATE TABLE orders (id INTEGER PRIMARY KEY, untyped, UNIQUE (id) ON CONFLICT REPLACE) STRICT;
CREATE VIRTUAL TABLE found USING fts5(name, content='orders');
CREATE TRIGGER changed AFTER INSERT ON orders BEGIN
  INSERT INTO found VALUES (new.id);
  DELETE FROM x;
END;
ALTER TABLE orders RENAME TO old_orders;
CREATE TEMP TABLE copy AS SELECT a, (b) FROM orders;
"""

SERVER = """\
IF NOT EXISTS (SELECT 1) CREATE TABLE [dbo].[Orders] (
  [Id] INT IDENTITY(1,1) NOT NULL, [Order Total] NVARCHAR(MAX) NULL,
  CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id] ASC)
)
GO
CREATE PROCEDURE [dbo].[Pay] @Id INT AS BEGIN SELECT 1; SELECT 2 END
GO
"""


def test_postgres() -> None:
    assert rows(POSTGRES) == [
        "struct public.orders", "field public.orders.id", "field public.orders.total", "field public.orders.state",
        "field public.orders.Mixed Case", "field public.orders.key", "struct orders_2024", "enum order_state",
        "key by_total", "field public.orders.note", "field orders.amount", "function touch", "struct totals",
    ]  # fmt: skip


def test_a_comment_on_a_table_is_its_documentation() -> None:
    table = parse("a.sql", POSTGRES, "sql").symbols[0]
    assert table.doc == "Orders of customers.\nAll orders; there's more"
    assert (table.span.start, table.name_line, table.span.end) == (1, 2, 9)


def test_mysql() -> None:
    assert rows(MYSQL) == [
        "struct orders", "field orders.id", "field orders.flags", "field orders.note", "field orders.b",
        "function pay", "struct v",
    ]  # fmt: skip
    (routine,) = [symbol for symbol in parse("a.sql", MYSQL, "sql").symbols if symbol.name == "pay"]
    assert (routine.span.start, routine.span.end, routine.signature) == (9, 13, "CREATE PROCEDURE `pay`(IN p INT)")


def test_sqlite() -> None:
    assert rows(SQLITE) == [
        "struct orders", "field orders.id", "field orders.untyped", "struct found", "field found.name",
        "event changed", "struct old_orders", "struct copy",
    ]  # fmt: skip
    (trigger,) = [symbol for symbol in parse("a.sql", SQLITE, "sql").symbols if symbol.name == "changed"]
    assert (trigger.span.start, trigger.span.end) == (3, 6)


def test_sql_server() -> None:
    assert rows(SERVER) == [
        "struct dbo.Orders", "field dbo.Orders.Id", "field dbo.Orders.Order Total", "function dbo.Pay",
    ]  # fmt: skip


def test_what_is_broken_hides_nothing_behind_it() -> None:
    text = "CREATE TABLE a (id int, (((\nCREATE TABLE b (id int);\nCREATE TABLE\nCREATE VIEW c AS SELECT 'x\n"
    assert rows(text) == ["struct a", "field a.id", "struct b", "field b.id", "struct c"]


def test_chunks_of_a_table_have_its_name() -> None:
    parsed = parse("a.sql", POSTGRES, "sql")
    assert parsed.chunks[0].symbol == "public.orders"
    assert sum(chunk.span.end - chunk.span.start + 1 for chunk in parsed.chunks) == POSTGRES.count("\n")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("db/migrations/001_orders.sql", Source.DESIGNS),
        ("app/migrations/deep/er/up.sql", Source.DESIGNS),
        ("src/main/resources/db/migration/V1__orders.sql", Source.DESIGNS),
        ("sql/V2.1__x.sql", Source.DESIGNS),
        ("sql/R__views.sql", Source.DESIGNS),
        ("db/structure.sql", Source.DESIGNS),
        ("schema.sql", Source.DESIGNS),
        ("alembic/versions/a.sql", Source.DESIGNS),
        ("queries/orders.sql", Source.CODE),
        ("src/my_migrations.sql", Source.CODE),
    ],
)
def test_migrations_are_designs_and_other_sql_is_code(path: str, expected: Source) -> None:
    (chunk,) = parse(path, "CREATE TABLE a (id int);", "sql").chunks
    assert chunk.source is expected


def test_migrations_in_python_stay_code() -> None:
    (chunk,) = parse("db/migrations/0001_orders.py", "x = 1", "python").chunks
    assert chunk.source is Source.CODE
