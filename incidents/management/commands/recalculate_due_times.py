"""Give open disputes the due time that rule and calendar say today. The worker does the same each night."""

from grids.management.json_command import JsonCommand
from grids.management.progress import track
from incidents.models import Dispute
from incidents.services.recalculation import recalculate_due_times


class Command(JsonCommand):
    help = "按现行日历重新计算未结纠纷的期限 / Work out the due times of open disputes by today's calendar"

    def run(self, **options):
        total = Dispute.objects.open().count()
        run = recalculate_due_times(progress=lambda cases: track(cases, total, "recalculate"))
        return {"checked": run.checked, "changed": run.changed}

    def describe(self, result):
        checked, changed = result["checked"], result["changed"]
        return (
            f"检查 {checked} 件未结纠纷,{changed} 件的期限有变。 / "
            f"{checked} open disputes checked, {changed} have another due time."
        )
