#!/bin/sh
# Writes the secrets of an installation, made by deploy/generate_secrets.py into a folder, as Kubernetes takes them:
#   sh deploy/kubernetes/secrets.sh FOLDER | kubectl apply --filename -
set -eu
folder="$1" namespace="${2:-helhedsnet}"

secret() {
	printf -- '---\n'
	kubectl create secret generic "$@" --namespace "$namespace" --dry-run=client --output yaml
}

for name in registry funding reporting access migrate redis postgres; do
	secret "$name-secrets" --from-file="$folder/$name"
done
secret postgres-superuser --type kubernetes.io/basic-auth --from-literal=username=postgres \
	--from-file=password="$folder/postgres/superuser-password"
