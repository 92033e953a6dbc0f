#!/bin/sh
# Creates the namespace and its search attributes, unless they are there. Safe to run again.
# Address and namespace are read from TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE by the Temporal CLI.
set -eu

# A server that has just started, or a namespace that was just made, may need some seconds: 30 tries, 2 s apart.
retry() {
  tries=1
  until "$@"; do
    if [ "$tries" -ge 30 ]; then
      echo "Gave up: $*" >&2
      return 1
    fi
    tries=$((tries + 1))
    echo "Not yet, trying again: $*" >&2
    sleep 2
  done
}

# The retention of a namespace that exists stays as it is.
create_namespace() {
  temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 7d
}

create_search_attributes() {
  temporal operator search-attribute create \
    --name SmsAccountId --type Keyword \
    --name SmsHuntId --type Keyword \
    --name SmsAdId --type Keyword \
    --name SmsLeadId --type Keyword \
    --name SmsRecipientKey --type Keyword \
    --name SmsErrorCode --type Keyword \
    --name SmsStatus --type Keyword
}

retry create_namespace
retry create_search_attributes
