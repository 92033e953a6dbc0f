-- The role of the worker: it can read the two columns that a send needs, and nothing else.
-- Run once, as the owner of the table, for example:
--   psql "$OWNER_DATABASE_URL" -v ON_ERROR_STOP=1 -v role=durable_sms -v password="$WORKER_PASSWORD" -f src/db/least-privilege-role.sql
CREATE ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
ALTER ROLE :"role" SET default_transaction_read_only = on;
ALTER ROLE :"role" SET statement_timeout = '5s';
GRANT USAGE ON SCHEMA public TO :"role";
GRANT SELECT (id, sms_api_key) ON public.accounts TO :"role";
