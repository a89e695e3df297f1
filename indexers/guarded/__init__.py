"""Parse what strangers wrote in child processes with limits on memory and time.

A child that crashes, hangs or grows too large costs the item it was reading and nothing else.
"""

from indexers.guarded.pool import Broken, Guard, Task

__all__ = ["Broken", "Guard", "Task"]
