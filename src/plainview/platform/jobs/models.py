"""The table of jobs."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One piece of background work, from asking for it to its end."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    task = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "jobs"  # so that what asks for jobs may be read where none are done
        indexes = [
            models.Index(
                fields=["run_at"],
                name="jobs_open",
                condition=models.Q(state__in=["waiting", "running"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="running") | models.Q(lease_until__isnull=False),
                name="jobs_running_has_lease",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk} ({self.state})"
