import { Component, inject } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { ActivatedRoute, Router } from '@angular/router';

import { ClinicApi } from './clinic-api.service';

/** What the vet writes when the patient has left the table. */
@Component({
  selector: 'cb-visit-sheet',
  imports: [FormsModule],
  template: `
    <textarea [(ngModel)]="findings"></textarea>
    <label>Weight (kg) <input type="number" [(ngModel)]="weight" /></label>
    <button (click)="save()">Save</button>
  `,
})
export class VisitSheetComponent {
  private readonly api = inject(ClinicApi);
  private readonly router = inject(Router);
  private readonly appointmentId = Number(inject(ActivatedRoute).snapshot.paramMap.get('id'));

  findings = '';
  weight: number | null = null;

  save(): void {
    this.api
      .recordVisit(this.appointmentId, this.findings, this.weight)
      .subscribe(() => void this.router.navigate(['']));
  }
}
