import { Component, inject, signal } from "@angular/core";
import { FormsModule } from "@angular/forms";
import { Observable } from "rxjs";
import { Hire, Machine, ToolhireApi } from "../api/toolhire-api.service";

/** The counter: find a machine, book it, let it go. */
@Component({
  selector: "th-hire-desk",
  standalone: true,
  imports: [FormsModule],
  templateUrl: "./hire-desk.component.html",
})
export class HireDeskComponent {
  private readonly api = inject(ToolhireApi);

  readonly machines = signal<Machine[]>([]);
  readonly hires = signal<Hire[]>([]);
  readonly notice = signal("");

  customerId = 0;
  kind = "excavator";
  from = "";
  to = "";
  until = "";
  cardNumber = "";
  validUntil = "";

  search(): void {
    this.api.findMachines(this.kind, this.from, this.to).subscribe((found) => this.machines.set(found));
  }

  load(): void {
    this.api.hiresOf(this.customerId).subscribe((hires) => this.hires.set(hires));
  }

  reserve(machine: Machine): void {
    this.then(this.api.bookHire(machine.tag, this.customerId, this.from, this.to), `${machine.tag} is booked.`);
  }

  give(hire: Hire): void {
    this.then(this.api.handOut(hire.number), `${hire.machineTag} may leave.`);
  }

  longer(hire: Hire): void {
    this.then(this.api.prolongHire(hire.number, this.until), `${hire.number} runs until ${this.until}.`);
  }

  drop(hire: Hire): void {
    this.then(this.api.cancelHire(hire.number), `${hire.number} is cancelled.`);
  }

  private then(call: Observable<unknown>, notice: string): void {
    call.subscribe({
      next: () => {
        this.notice.set(notice);
        this.load();
      },
      error: (problem) => this.notice.set(problem.error?.detail ?? "That did not work."),
    });
  }
}
