# The image holds code and static files only: no secret, no data. Both come at start, from the environment and volumes.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --create-home --home-dir /home/luoshi luoshi
WORKDIR /srv/luoshi

COPY requirements.lock .
RUN python -m pip install --require-hashes -r requirements.lock

COPY manage.py pyproject.toml ./
COPY config config
COPY accounts accounts
COPY notifications notifications
COPY workflow workflow
COPY fixtures fixtures
COPY deploy deploy

# Values that serve this one step: settings demand them, collectstatic uses none, and no layer keeps them.
RUN python manage.py compilemessages \
    && LUOSHI_ENV=production SECRET_KEY=unused ALLOWED_HOSTS=unused \
       DATABASE_URL=postgres://unused/unused REDIS_URL=redis://unused \
       python manage.py collectstatic --no-input \
    && python -m compileall -q . \
    && install -d -o luoshi -g luoshi -m 700 /data/evidence

ENV LUOSHI_ENV=production EVIDENCE_DIR=/data/evidence
USER luoshi
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "deploy/gunicorn.py", "config.wsgi"]
