"""Reminds people of their next shift."""

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from shiftboard import notify, repository

AHEAD_HOURS = 24
scheduler = BackgroundScheduler(
    jobstores={"default": SQLAlchemyJobStore(url="postgresql:///shiftboard")},
    job_defaults={"coalesce": True, "misfire_grace_time": 60},
)


def start(app) -> None:
    """One job, every quarter of an hour."""
    scheduler.add_job(send_due, "cron", minute="*/15", id="reminders", replace_existing=True)
    scheduler.start()


def send_due() -> None:
    """Everybody whose shift begins within the next day and who was not told yet."""
    for assignment in repository.unreminded(AHEAD_HOURS):
        notify.shift_ahead(assignment)
        repository.mark_reminded(assignment.id)
