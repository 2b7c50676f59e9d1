#!/bin/sh
# Prints, for `.env`, the images that ours stand on as they are here now, by the digests of what was pulled. What is
# printed is what runs from then on, whatever a tag is moved to. Nothing is pulled or changed.
set -eu

status=0
while read -r setting image; do
	digest=$(docker image inspect --format '{{if .RepoDigests}}{{index .RepoDigests 0}}{{end}}' "$image" 2>/dev/null) || digest=
	case "$digest" in
	*@sha256:*) echo "$setting=$digest" ;;
	*)
		echo "image_not_pulled: $image has no digest here; docker pull $image" >&2
		status=1
		;;
	esac
done <<END
HELHEDSNET_PYTHON_IMAGE python:3.13-slim
HELHEDSNET_POSTGRES_IMAGE postgres:17
HELHEDSNET_REDIS_IMAGE redis:8
HELHEDSNET_CADDY_IMAGE caddy:2
END
exit $status
