import { Component, inject, signal } from '@angular/core';

import { ClinicApi } from './clinic-api.service';
import { WaitingEntry } from './model';

/** Who waits for something earlier. A keeper who calls back is served here: the desk presses for them. */
@Component({
  selector: 'cb-waiting-panel',
  template: `
    @for (entry of entries(); track entry.id) {
      <p [class.pain]="entry.urgency === 1">
        {{ entry.patient.name }}, {{ entry.patient.keeper.mobileNumber }}
        @if (entry.openOfferId) {
          <button (click)="accept(entry.openOfferId)">They take it</button>
        }
      </p>
    }
  `,
})
export class WaitingPanelComponent {
  private readonly api = inject(ClinicApi);
  readonly entries = signal<WaitingEntry[]>([]);

  constructor() {
    this.load();
  }

  accept(offerId: number): void {
    this.api.acceptOffer(offerId).subscribe(() => this.load());
  }

  private load(): void {
    this.api.listWaiting().subscribe((entries) => this.entries.set(entries));
  }
}
