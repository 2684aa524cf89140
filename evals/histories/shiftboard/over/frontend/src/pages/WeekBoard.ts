// The page "Week board": shifts of a ward, people are dragged onto them.
import { assignPerson, unassignPerson, weekBoard } from "../client";

export class WeekBoard {
  constructor(private ward: string, private monday: string) {}

  async load() {
    return weekBoard(this.ward, this.monday);
  }

  async onDrop(shift: number, person: number) {
    const answer = await assignPerson(shift, person);
    if (answer.status === 409) this.shake((await answer.json()).rule);
  }

  async onDragAway(shift: number, assignment: number) {
    await unassignPerson(shift, assignment);
  }

  private shake(rule: string) {
    document.querySelector(`[data-rule=${rule}]`)?.classList.add("shake");
  }
}
