"""Rehearsal without hardware: cards held up to cameras, families, staff."""

from beacon_sim.approach import Approach, approach_frames

__all__ = ["Approach", "approach_frames"]
