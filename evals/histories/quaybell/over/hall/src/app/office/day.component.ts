import { Component, inject, signal } from '@angular/core';
import { DecimalPipe } from '@angular/common';
import { FormsModule } from '@angular/forms';
import { HallApi } from '../core/hall-api';
import { Settlement } from '../core/model';
import { SayPipe } from '../core/say.pipe';

/** The evening of the office: what each boat gets. */
@Component({
  selector: 'qb-day',
  standalone: true,
  imports: [DecimalPipe, FormsModule, SayPipe],
  template: `
    <input type="date" [(ngModel)]="day" (change)="show()" />
    <table>
      @for (row of rows(); track row.id) {
        <tr>
          <td>{{ row.vessel }}</td>
          <td>{{ row.grossOre / 100 | number: '1.2-2' }}</td>
          <td>{{ (row.grossOre - row.feeOre) / 100 | number: '1.2-2' }}</td>
          <td>{{ row.paid ? '✓' : '' }}</td>
        </tr>
      }
    </table>
    <small>{{ 'day.fee' | say }}</small>
    <button (click)="transfer()">{{ 'day.pay' | say }}</button>
  `,
})
export class DayComponent {
  private readonly api = inject(HallApi);
  readonly rows = signal<Settlement[]>([]);
  day = new Date().toISOString().slice(0, 10);

  constructor() {
    this.show();
  }

  show(): void {
    this.api.day(this.day).subscribe((rows) => this.rows.set(rows));
  }

  transfer(): void {
    this.api.pay(this.day).subscribe(() => this.show());
  }
}
