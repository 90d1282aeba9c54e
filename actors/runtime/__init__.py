"""What every agent is built on: its base class, configuration, hand-offs, the gate's proxy, and Ray on one machine.

Entry points: `agent.BaseAgent`, `installation.InstallationConfig`, `handoff.gather` and `local_ray.local_ray`. No
module here imports an agent.
"""
