#!/bin/sh
# Starts the gateway, or says in a line with a code why it cannot be reached as was asked for.
set -eu

refuse() {
	echo "$1: $2" >&2
	exit 1
}

if [ "$HELHEDSNET_TLS" != off ]; then
	case "$HELHEDSNET_PUBLIC_URL" in
	https://*) ;;
	*) refuse public_url_not_https "HELHEDSNET_TLS=$HELHEDSNET_TLS needs HELHEDSNET_PUBLIC_URL=https://the-name-that-people-open" ;;
	esac
fi
if [ "$HELHEDSNET_TLS" = files ]; then
	for file in certificate.pem key.pem; do
		[ -r "/run/tls/$file" ] ||
			refuse tls_file_unreadable "$file is not in the folder HELHEDSNET_TLS_FOLDER, or the user 10001 may not read it"
	done
fi

# Each replica by its own name, so that each is looked after by itself; where there is one it has its service's name.
replicas() {
	number=1
	while [ "$number" -le "$HELHEDSNET_REPLICAS" ]; do
		printf '%s ' "$HELHEDSNET_PROJECT-$1-$number:8000"
		number=$((number + 1))
	done
}

case "${HELHEDSNET_REPLICAS:=1}" in
[1-3]) ;;
*) refuse replicas_not_one_to_three "HELHEDSNET_REPLICAS=$HELHEDSNET_REPLICAS is none of 1, 2 and 3, for which PostgreSQL has connections" ;;
esac
if [ "$HELHEDSNET_REPLICAS" -gt 1 ]; then
	HELHEDSNET_REGISTRY_REPLICAS=$(replicas registry)
	HELHEDSNET_FUNDING_REPLICAS=$(replicas funding)
	HELHEDSNET_REPORTING_REPLICAS=$(replicas reporting)
	export HELHEDSNET_REGISTRY_REPLICAS HELHEDSNET_FUNDING_REPLICAS HELHEDSNET_REPORTING_REPLICAS
fi
exec caddy run --config /etc/caddy/Caddyfile --adapter caddyfile
