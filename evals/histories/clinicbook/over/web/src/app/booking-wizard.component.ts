import { Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';

import { ClinicApi } from './clinic-api.service';
import { Patient, Slot } from './model';
import { sentenceOf } from './refusals';

/** Three steps on the telephone: who, when, why. */
@Component({
  selector: 'cb-booking-wizard',
  imports: [FormsModule],
  template: `
    <input [(ngModel)]="text" (change)="search()" placeholder="Name, keeper or chip" />
    @for (patient of found(); track patient.id) {
      <button (click)="choose(patient)">{{ patient.name }} ({{ patient.keeper.fullName }})</button>
    }
    <input type="date" [(ngModel)]="day" (change)="findTime()" />
    @for (slot of free(); track slot.startsAt) {
      <button (click)="book(slot)">{{ slot.startsAt }}</button>
    } @empty {
      <button (click)="wait()">Put on the waiting list</button>
    }
    <label><input type="checkbox" [(ngModel)]="urgent" /> urgent</label>
    <p class="refusal">{{ refusal() }}</p>
  `,
})
export class BookingWizardComponent {
  private readonly api = inject(ClinicApi);

  text = '';
  day = '';
  reason = '';
  urgent = false;
  readonly found = signal<Patient[]>([]);
  readonly chosen = signal<Patient | null>(null);
  readonly free = signal<Slot[]>([]);
  readonly refusal = signal('');

  search(): void {
    this.api.searchPatients(this.text).subscribe((found) => this.found.set(found));
  }

  choose(patient: Patient): void {
    this.chosen.set(patient);
  }

  findTime(): void {
    const patient = this.chosen();
    if (patient) {
      this.api.freeSlots(this.day, patient.species).subscribe((free) => this.free.set(free));
    }
  }

  book(slot: Slot): void {
    const patient = this.chosen();
    if (!patient) {
      return;
    }
    this.api.bookAppointment(patient.id, slot, this.reason, this.urgent).subscribe({
      error: (error) => {
        this.refusal.set(sentenceOf(error));
        this.findTime();
      },
    });
  }

  wait(): void {
    const patient = this.chosen();
    if (patient) {
      this.api.joinWaitingList(patient.id, this.urgent ? 1 : 3, this.reason).subscribe();
    }
  }
}
