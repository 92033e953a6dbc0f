#!/bin/sh
# Creates Temporal's two databases, or brings them up to date. Safe to run again.
# Plugin, host, port, user and password are read from SQL_… by temporal-sql-tool.
set -eu

set_up() {
  temporal-sql-tool --db "$1" create-database
  temporal-sql-tool --db "$1" setup-schema -v 0.0
  temporal-sql-tool --db "$1" update-schema --schema-name "$2"
}

set_up temporal postgresql/v12/temporal
set_up temporal_visibility postgresql/v12/visibility
