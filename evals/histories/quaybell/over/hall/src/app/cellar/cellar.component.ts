import { Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { HallApi } from '../core/hall-api';
import { Pallet } from '../core/model';
import { SayPipe } from '../core/say.pipe';

@Component({
  selector: 'qb-cellar',
  standalone: true,
  imports: [FormsModule, SayPipe],
  templateUrl: './cellar.component.html',
})
export class CellarComponent {
  private readonly api = inject(HallApi);
  readonly pallets = signal<Pallet[]>([]);
  readonly gone = signal<Pallet | null>(null);
  bay = 1;
  code = '';

  constructor() {
    this.refresh();
  }

  wrapped(pallet: Pallet): void {
    this.api.seal(pallet.saleId, this.bay).subscribe(() => this.refresh());
  }

  letOut(): void {
    this.api.gate(this.code).subscribe((pallet) => {
      this.gone.set(pallet);
      this.code = '';
      this.refresh();
    });
  }

  private refresh(): void {
    this.api.pallets().subscribe((pallets) => this.pallets.set(pallets));
  }
}
