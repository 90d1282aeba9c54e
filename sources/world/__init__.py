"""The simulated world that the stand-in serves: hashtags, creators, sounds, videos and their counters.

Entry points: `world.World` and `parameters.WorldParameters`.
"""
