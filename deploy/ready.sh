#!/bin/bash
# Ends with 0 where the service that runs in this container is ready: bash deploy/ready.sh registry
# or where it only answers, for an engine that ends what is not healthy: bash deploy/ready.sh registry 8000 live
# Every container is asked each five seconds: a shell takes a fiftieth of the processor time of a Python for it.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${2:-8000}"
printf 'GET /%s/health/%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" "${3:-ready}" >&3
IFS= read -r -t 4 status <&3
[[ $status == "HTTP/1.1 200 "* ]]
