import { JsonPipe } from '@angular/common';
import { Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';

import { ClinicApi } from './clinic-api.service';

/** Who works when. Shifts are planned elsewhere and imported; here they are looked at, and absences entered. */
@Component({
  selector: 'cb-roster-board',
  imports: [FormsModule, JsonPipe],
  template: `
    <input type="date" [(ngModel)]="monday" (change)="load()" />
    <pre>{{ week() | json }}</pre>
    <input type="number" [(ngModel)]="vetId" />
    <input type="date" [(ngModel)]="firstDay" />
    <input type="date" [(ngModel)]="lastDay" />
    <button (click)="away()">Away</button>
  `,
})
export class RosterBoardComponent {
  private readonly api = inject(ClinicApi);

  monday = '';
  vetId = 0;
  firstDay = '';
  lastDay = '';
  readonly week = signal<unknown[]>([]);

  load(): void {
    this.api.rosterWeek(this.monday).subscribe((week) => this.week.set(week));
  }

  away(): void {
    this.api.reportAbsence(this.vetId, this.firstDay, this.lastDay).subscribe(() => this.load());
  }
}
