"""A task: a prompt folder and a schema file, found by name."""

from summarizer.task.folder import list_tasks, load_task
from summarizer.task.task import Task

__all__ = ["Task", "list_tasks", "load_task"]
