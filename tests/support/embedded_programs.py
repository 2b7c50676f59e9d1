"""What tests of the embedded servers run in processes of their own, some of them as a different user."""

from typing import Final

# Tries to speak to a socket and to read files, and says what came of it, one line each.
INTRUDER: Final = r"""
import socket, struct, sys
for path in sys.argv[1:]:
    try:
        if path.endswith(".s.PGSQL.5432"):
            wire = socket.socket(socket.AF_UNIX)
            wire.connect(path)
            said = b"user\0postgres\0database\0postgres\0\0"
            wire.sendall(struct.pack("!II", len(said) + 8, 196608) + said)
            answer = wire.recv(1000)
            print("refused" if answer[:1] == b"E" and b"28000" in answer else "let in")
        else:
            open(path, "rb").read(1)
            print("read")
    except OSError as error:
        print(type(error).__name__)
"""
# Runs a server until it is killed.
KEEPER: Final = """
import sys, time
from pathlib import Path
from services import embedded
with embedded.postgresql(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(600)
"""
# Starts a server on a folder, and says whether it did.
STARTER: Final = """
import sys
from pathlib import Path
from services import embedded
try:
    with embedded.postgresql(Path(sys.argv[1])):
        print("started")
except embedded.EmbeddedUnavailable as error:
    print(error)
"""
# Says of each program whether it can be run, and where.
CHOOSER: Final = """
import sys
from pathlib import Path
from services.embedded import EmbeddedUnavailable
from services.embedded.wheels import executable
for path in map(Path, sys.argv[1:]):
    try:
        print(executable(path))
    except EmbeddedUnavailable as error:
        print(error)
"""
