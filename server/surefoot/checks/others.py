"""Whose a name is said to be: "Celery's `shared_task`", "In Angular: `HttpClient.get`".

Invariant: only what stands before the name counts; whether it is somebody else is not decided here.
"""

from __future__ import annotations

import re

FARTHEST = 200  # characters before a name in which its software may be named

_OWNER = re.compile(
    r"(?:\b(?P<plain>[A-Z][\w.]{1,40})|`(?P<quoted>[@\w./-]{2,60})`)['\u2019]s\s+(?:[a-z-]+\s+){0,2}[*_]*$"
)
_NOBODY = frozenset("Let It That There Here What Who He She Today One Everyone".split())
# What answers about a project mention beside it. Languages are left out: a project is written in one.
_SOFTWARE = """
    Angular React Vue Svelte Django DRF Flask FastAPI Starlette Rails ActiveRecord Laravel Symfony Spring Hibernate
    Celery Postgres PostgreSQL MySQL MariaDB SQLite MongoDB Redis Kafka RabbitMQ Elasticsearch OpenSSL NumPy Pandas
    PyTorch TensorFlow SQLAlchemy Pydantic pytest Jest Vitest Webpack Vite Babel Express Maven Gradle GitHub GitLab
    Azure GCP Stripe Sentry Prometheus Grafana Terraform Ansible Helm systemd nginx gunicorn OkHttp Guava JUnit Boost
    Qt tokio serde aiohttp boto3 axios lodash jQuery Bootstrap Tailwind
    """.split()
_WITHIN = re.compile(
    r"\b(?:[Ii]n|[Ww]ith|of|[Ff]rom|[Ff]or|[Vv]ia|[Uu]nder|[Bb]y|[Uu]sing|[Oo]n|[Bb]ehind)\s+(?:the\s+)?"
    rf"(?P<owner>{'|'.join(_SOFTWARE)})\b[^.;`]{{0,40}}(?:`[^`\n]{{1,80}}`[^.;`]{{0,20}}){{0,3}}$"
)


def owner_before(text: str, begin: int) -> str:
    """Whose the name that begins there is said to be; empty where nobody is named."""
    match = _OWNER.search(text, max(0, begin - FARTHEST), begin)
    owner = (match["plain"] or match["quoted"]) if match else ""
    return "" if owner in _NOBODY else owner


def software_before(text: str, sentence: int, begin: int) -> str:
    """The software that the sentence, which begins at `sentence`, is about up to there; empty where there is none."""
    match = _WITHIN.search(text, max(sentence, begin - FARTHEST), begin)
    return match["owner"] if match else ""
