import { DatePipe } from '@angular/common';
import { Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';

import { ClinicApi } from './clinic-api.service';
import { Appointment } from './model';
import { sentenceOf } from './refusals';

/** From when a row is red: the server marks it as missed at the same moment. */
const LATE_AFTER_MINUTES = 15;

/** Today at the front desk. */
@Component({ selector: 'cb-day-plan', imports: [DatePipe, RouterLink], templateUrl: './day-plan.component.html' })
export class DayPlanComponent {
  private readonly api = inject(ClinicApi);
  private readonly router = inject(Router);

  readonly day = signal(new Date().toISOString().slice(0, 10));
  readonly rows = signal<Appointment[]>([]);
  readonly refusal = signal('');

  constructor() {
    this.load();
  }

  isLate(row: Appointment): boolean {
    const minutes = (Date.now() - Date.parse(row.startsAt)) / 60_000;
    return minutes > LATE_AFTER_MINUTES && (row.state === 'BOOKED' || row.state === 'CONFIRMED');
  }

  arrive(row: Appointment): void {
    this.api.checkIn(row.id).subscribe({ next: () => this.load(), error: (error) => this.refuse(error) });
  }

  cancel(row: Appointment): void {
    if (confirm(`Cancel ${row.patient.name}?`)) {
      this.api.cancelAppointment(row.id).subscribe({ next: () => this.load(), error: (error) => this.refuse(error) });
    }
  }

  openSheet(row: Appointment): void {
    void this.router.navigate(['visit', row.id]);
  }

  private load(): void {
    this.api.dayPlan(this.day()).subscribe((rows) => this.rows.set(rows));
  }

  private refuse(error: { error?: { code?: string } }): void {
    this.refusal.set(sentenceOf(error));
  }
}
