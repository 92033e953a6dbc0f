-- The columns of the web app's table that the worker reads. A worker's role needs SELECT on them, nothing else.
CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  sms_api_key varchar(500)
);
