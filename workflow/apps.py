from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = "责任分工"

    def ready(self) -> None:
        from accounts import demo as door
        from workflow import checks  # noqa: F401 - registers them; they ask for settings and apps
        from workflow.views import demo

        door.NOTES.append(demo.notes)
