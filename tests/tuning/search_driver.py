"""A driver that searches on the Ray cluster at argv[1] in the folder argv[2], to be killed."""

import sys
from pathlib import Path

import ray

from actors.runtime.local_ray import NAMESPACE
from tests.tuning.small_search import PLAN, TRAINING
from tuning.search import search

if __name__ == "__main__":
    ray.init(address=sys.argv[1], namespace=NAMESPACE, log_to_driver=False, logging_level="ERROR")
    search(TRAINING, PLAN, Path(sys.argv[2]))
