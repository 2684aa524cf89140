"""What shops get by mail."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

from sqlalchemy import Connection

from cellar.core.db import row, rows, run
from cellar.core.money import spelled
from cellar.orders.invoice import total_of
from cellar.settings import settings

FROM = "cellar@ripecellar.example"


def confirmation(db: Connection, order: int) -> None:
    shop = _shop_of(db, order)
    _post(shop["mail"], f"Your order {order}", "Thank you. We pick it the day before you want it.")


def invoice(db: Connection, order: int) -> None:
    shop = _shop_of(db, order)
    _post(shop["mail"], f"Invoice for order {order}", f"Please pay {spelled(total_of(db, order))} within 30 days.")


def recall(db: Connection, lot: int, shop: int) -> None:
    notice = row(
        db,
        """
        SELECT s.mail, s.portal_token, l.code, r.reason FROM recall_notice r
        JOIN shop s ON s.id = r.shop_id JOIN lot l ON l.id = r.lot_id
        WHERE r.lot_id = :lot AND r.shop_id = :shop
        """,
        lot=lot,
        shop=shop,
    )
    text = f"Take lot {notice['code']} off the counter: {notice['reason']}\nThen confirm: /shop/{notice['portal_token']}"
    _post(notice["mail"], f"RECALL of lot {notice['code']}", text)
    run(db, "UPDATE recall_notice SET sent_at = now() WHERE lot_id = :lot AND shop_id = :shop", lot=lot, shop=shop)


def mails_of_all(db: Connection) -> list[str]:
    return [each["mail"] for each in rows(db, "SELECT mail FROM shop ORDER BY name")]


def _shop_of(db: Connection, order: int) -> dict:
    return row(db, "SELECT s.mail FROM shop s JOIN shop_order o ON o.shop_id = s.id WHERE o.id = :id", id=order)


def _post(to: str, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = FROM, to, subject
    message.set_content(text)
    with smtplib.SMTP(settings().mail_host, timeout=20) as host:
        host.send_message(message)
