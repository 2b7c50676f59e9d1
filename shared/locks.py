"""The advisory locks of PostgreSQL, each once: two that had one number would wait for one another without a word."""

from typing import Final

# Replicas that start together do not migrate at once.
MIGRATION: Final = 7_204_011
# One replica publishes the log.
RELAY: Final = 7_204_012
# One replica makes a service anew.
REBUILD: Final = 7_204_013
# Whoever joins shares it, a withdrawal of consent has it alone.
CONSENT: Final = 7_204_014
# Two practices that are adopted at once make no circle.
ADOPTION: Final = 7_204_015
# One replica makes releases.
RELEASE: Final = 7_204_016
# One replica sends mail.
MAIL: Final = 7_204_017
# One replica writes the tables anew.
COMPACTION: Final = 7_204_018
# One replica follows the registry, and one funding.
FOLLOW_REGISTRY: Final = 7_204_019
FOLLOW_FUNDING: Final = 7_204_020
