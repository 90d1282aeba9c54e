"""Where the checkout and the shared recordings lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
CONFIGS = ROOT / "configs"
SHARED_DATA = ROOT.parent / "shared" / "data"
PAYLOADS = SHARED_DATA / "payloads" / "aweme.jsonl.gz"
