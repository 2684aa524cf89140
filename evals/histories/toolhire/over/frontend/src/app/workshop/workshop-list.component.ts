import { DatePipe } from "@angular/common";
import { Component, OnInit, inject, signal } from "@angular/core";
import { JobCard, ToolhireApi } from "../api/toolhire-api.service";

/** What the fitters have to do, the oldest first. */
@Component({
  selector: "th-workshop-list",
  standalone: true,
  imports: [DatePipe],
  template: `
    <h1>Workshop</h1>
    @for (card of cards(); track card.id) {
      <p>
        {{ card.machineTag }}: {{ card.reason }}, since {{ card.openedAt | date: "shortDate" }}
        <input type="number" #hours placeholder="Hour meter" />
        <button (click)="ready(card, hours.valueAsNumber)">Ready for hire</button>
      </p>
    } @empty {
      <p>Nothing to do.</p>
    }
  `,
})
export class WorkshopListComponent implements OnInit {
  private readonly api = inject(ToolhireApi);

  readonly cards = signal<JobCard[]>([]);

  ngOnInit(): void {
    this.api.jobCards().subscribe((cards) => this.cards.set(cards));
  }

  ready(card: JobCard, hours: number): void {
    this.api.finishJobCard(card.id, hours).subscribe(() => this.ngOnInit());
  }
}
