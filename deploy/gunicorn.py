"""How the web server runs in a container; `gunicorn --config deploy/gunicorn.py config.wsgi`."""

bind = "0.0.0.0:8000"  # inside the container; docker-compose.yml publishes it on loopback only
worker_class = "gthread"
workers = 2
threads = 8
worker_tmp_dir = "/dev/shm"  # noqa: S108  heartbeats in memory: a slow disk must not look like a dead worker
max_requests = 5000  # a leak never grows old
max_requests_jitter = 500
graceful_timeout = 25  # below stop_grace_period
control_socket_disable = True
