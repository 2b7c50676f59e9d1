"""What the kinds of the operator CloudNativePG take, as far as our manifests use them.

Written down from the operator's reference of version 1.31 and that of its plugin Barman Cloud: their schemas come with
the operator alone. A field that is not here is a mistake, or has to be looked up and added.
"""

from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

TEXT: Final[Schema] = {"type": "string", "minLength": 1}
FLAG: Final[Schema] = {"type": "boolean"}
SIZE: Final[Schema] = {"type": "string", "pattern": r"^\d+(m|[KMG]i)?$"}


def _only(required: tuple[str, ...] = (), **fields: Schema) -> Schema:
    return {"type": "object", "properties": fields, "additionalProperties": False, "required": list(required)}


def _one_of(*values: str) -> Schema:
    return {"enum": list(values)}


NAMED: Final = _only(("name",), name=TEXT)
KEY_OF_A_SECRET: Final = _only(("name", "key"), name=TEXT, key=TEXT)
TEXTS: Final[Schema] = {"type": "object", "additionalProperties": TEXT}
COPIED: Final = _only(compression=_one_of("bzip2", "gzip", "lz4", "snappy", "xz", "zstd"), encryption=_one_of("AES256"))

CLUSTER: Final = _only(
    ("instances", "storage"),
    instances={"type": "integer", "minimum": 1},
    bootstrap=_only(initdb=_only(dataChecksums=FLAG)),
    enableSuperuserAccess=FLAG,
    superuserSecret=NAMED,
    postgresql=_only(
        parameters=TEXTS,
        synchronous=_only(
            ("method", "number"),
            method=_one_of("any", "first"),
            number={"type": "integer", "minimum": 1},
            dataDurability=_one_of("required", "preferred"),
            failoverQuorum=FLAG,
        ),
    ),
    managed=_only(
        services=_only(
            additional={
                "type": "array",
                "items": _only(
                    ("selectorType", "serviceTemplate"),
                    selectorType=_one_of("rw", "r", "ro"),
                    serviceTemplate=_only(("metadata",), metadata=NAMED),
                ),
            }
        )
    ),
    affinity=_only(podAntiAffinityType=_one_of("preferred", "required")),
    plugins={
        "type": "array",
        "items": _only(("name",), name=TEXT, isWALArchiver=FLAG, parameters=TEXTS),
    },
    resources=_only(requests=_only(cpu=SIZE, memory=SIZE), limits=_only(memory=SIZE)),
    storage=_only(("size",), size=SIZE),
)
SCHEDULED_BACKUP: Final = _only(
    ("schedule", "cluster"),
    # Six fields, seconds first.
    schedule={"type": "string", "pattern": r"^(\S+ ){5}\S+$"},
    immediate=FLAG,
    cluster=NAMED,
    backupOwnerReference=_one_of("none", "self", "cluster"),
    method=_one_of("barmanObjectStore", "volumeSnapshot", "plugin"),
    pluginConfiguration=NAMED,
)
OBJECT_STORE: Final = _only(
    ("configuration",),
    retentionPolicy={"type": "string", "pattern": r"^[1-9]\d*[dwm]$"},
    configuration=_only(
        ("destinationPath",),
        destinationPath=TEXT,
        endpointURL=TEXT,
        s3Credentials=_only(accessKeyId=KEY_OF_A_SECRET, secretAccessKey=KEY_OF_A_SECRET),
        wal=COPIED,
        data=COPIED,
    ),
)
SCHEMAS: Final = {
    ("postgresql.cnpg.io/v1", "Cluster"): CLUSTER,
    ("postgresql.cnpg.io/v1", "ScheduledBackup"): SCHEDULED_BACKUP,
    ("barmancloud.cnpg.io/v1", "ObjectStore"): OBJECT_STORE,
}
