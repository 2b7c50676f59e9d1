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
exec caddy run --config /etc/caddy/Caddyfile --adapter caddyfile
