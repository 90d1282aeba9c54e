"""The simulated world that the stand-in serves: hashtags, creators, sounds, videos and their counters at any time.

Entry points: `world.World` and `parameters.WorldParameters`.
"""
