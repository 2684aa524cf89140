import { Component, OnInit, inject, signal } from "@angular/core";
import { FormsModule } from "@angular/forms";
import { Inspection, ToolhireApi } from "../api/toolhire-api.service";

/** The gate: what comes back is looked at, and what is broken is priced later. */
@Component({
  selector: "th-return-bay",
  standalone: true,
  imports: [FormsModule],
  templateUrl: "./return-bay.component.html",
})
export class ReturnBayComponent implements OnInit {
  private readonly api = inject(ToolhireApi);

  readonly waiting = signal<Inspection[]>([]);
  readonly notice = signal("");

  number = "";
  hours = 0;
  dirty = false;
  damaged = false;
  text = "";
  euros = 0;

  ngOnInit(): void {
    this.api.unassessed().subscribe((waiting) => this.waiting.set(waiting));
  }

  receive(): void {
    const seen = { hours: this.hours, dirty: this.dirty, damaged: this.damaged };
    this.api.takeBack(this.number, seen).subscribe({
      next: () => {
        this.notice.set(this.damaged ? "Put it into bay 9." : "Deposit released.");
        this.ngOnInit();
      },
      error: (problem) => this.notice.set(problem.error?.detail ?? "That did not work."),
    });
  }

  price(inspection: Inspection): void {
    const cents = Math.round(this.euros * 100);
    this.api.assessDamage(inspection.id, this.text, cents).subscribe(() => this.ngOnInit());
  }
}
