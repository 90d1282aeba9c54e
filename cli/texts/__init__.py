"""Commands over texts: `groundswell ground` judges texts by their evidence, `groundswell vocabulary` decides on names.

Entry points: `ground.judge` and `ground.report`, which `cli.app` calls; `vocabulary.app`.
"""
