#!/bin/sh
# Run once by the database container, on an empty volume: the role of web and worker. It owns nothing;
# `manage.py grant_role` gives it its rights after each migration.
set -eu
# The password reaches psql through its environment: an argument would show in the list of processes.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv role WEB_DB_USER
\getenv password WEB_DB_PASSWORD
\getenv database POSTGRES_DB
CREATE ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"role";
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
