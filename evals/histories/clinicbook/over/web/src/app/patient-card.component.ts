import { Component, inject, signal } from '@angular/core';
import { ActivatedRoute, Router } from '@angular/router';

import { ClinicApi } from './clinic-api.service';
import { Patient, Weighing } from './model';

/** One animal: who brings it, its weights, and what to do when it has two cards. */
@Component({
  selector: 'cb-patient-card',
  template: `
    <h1>{{ patient()?.name }}</h1>
    <p>{{ patient()?.species }}, chip {{ patient()?.chipNumber ?? 'none' }}, {{ patient()?.keeper?.fullName }}</p>
    <svg viewBox="0 0 300 100"><polyline [attr.points]="points()" /></svg>
    <button (click)="sameAs()">Same animal as ...</button>
  `,
})
export class PatientCardComponent {
  private readonly api = inject(ClinicApi);
  private readonly router = inject(Router);
  private readonly id = Number(inject(ActivatedRoute).snapshot.paramMap.get('id'));

  readonly patient = signal<Patient | null>(null);
  readonly points = signal('');

  constructor() {
    this.api.patientCard(this.id).subscribe((patient) => this.patient.set(patient));
    this.api.weightCurve(this.id).subscribe((weighings) => this.points.set(polyline(weighings)));
  }

  sameAs(): void {
    const other = Number(prompt('Number of the card that stays'));
    if (other) {
      this.api.mergePatients(this.id, other).subscribe(() => void this.router.navigate(['patients', other]));
    }
  }
}

function polyline(weighings: Weighing[]): string {
  const heaviest = Math.max(1, ...weighings.map((each) => each.weight));
  const step = 300 / Math.max(1, weighings.length - 1);
  return weighings.map((each, index) => `${index * step},${100 - (100 * each.weight) / heaviest}`).join(' ');
}
