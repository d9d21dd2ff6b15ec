"""The fixtures that the tests of jobs share."""

from tests.endurance.conftest import own

__all__ = ["own"]
