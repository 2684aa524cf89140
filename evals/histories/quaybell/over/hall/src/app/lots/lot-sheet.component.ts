import { Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { HallApi } from '../core/hall-api';
import { Lot } from '../core/model';
import { SayPipe } from '../core/say.pipe';

@Component({
  selector: 'qb-lot-sheet',
  standalone: true,
  imports: [FormsModule, SayPipe],
  templateUrl: './lot-sheet.component.html',
})
export class LotSheetComponent {
  private readonly api = inject(HallApi);
  readonly lots = signal<Lot[]>([]);
  landing = 0;
  crates = 1;
  reserveKroner = 20;
  fromKroner = 90;

  constructor() {
    this.refresh();
  }

  split(): void {
    this.api.cut(this.landing, this.crates, Math.round(this.reserveKroner * 100)).subscribe(() => this.refresh());
  }

  ring(): void {
    this.api.drop(Math.round(this.fromKroner * 100)).subscribe(() => this.refresh());
  }

  private refresh(): void {
    this.api.sheet().subscribe((lots) => this.lots.set(lots));
  }
}
