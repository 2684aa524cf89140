import { Component, inject, signal } from "@angular/core";
import { FormsModule } from "@angular/forms";
import { Machine, ToolhireApi } from "../api/toolhire-api.service";

const SERVICE_EVERY = 250;

/** All machines of one yard, on the wall of the office. */
@Component({
  selector: "th-machine-board",
  standalone: true,
  imports: [FormsModule],
  template: `
    <h1>Yard</h1>
    <input [(ngModel)]="yard" (change)="load()" />
    @for (machine of machines(); track machine.tag) {
      <p [class.locked]="machine.lockReason">
        {{ machine.tag }} {{ machine.model }}, next service at {{ nextService(machine) }} h
        <input type="number" #hours />
        <button (click)="note(machine, hours.valueAsNumber)">Note hours</button>
        @if (machine.lockReason) {
          {{ machine.lockReason }} <button (click)="lock(machine, '')">Unlock</button>
        } @else {
          <button (click)="lock(machine, 'out of order')">Out of order</button>
        }
      </p>
    }
  `,
})
export class MachineBoardComponent {
  private readonly api = inject(ToolhireApi);

  readonly machines = signal<Machine[]>([]);
  yard = "";

  load(): void {
    this.api.machinesOf(this.yard).subscribe((machines) => this.machines.set(machines));
  }

  nextService(machine: Machine): number {
    return machine.hoursAtService + SERVICE_EVERY;
  }

  note(machine: Machine, hours: number): void {
    this.api.noteHours(machine.tag, hours).subscribe(() => this.load());
  }

  lock(machine: Machine, reason: string): void {
    this.api.lockMachine(machine.tag, reason).subscribe(() => this.load());
  }
}
