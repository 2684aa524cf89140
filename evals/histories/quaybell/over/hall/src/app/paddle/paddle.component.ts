import { Component, Input, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormsModule } from '@angular/forms';
import { HallApi } from '../core/hall-api';
import { Sale } from '../core/model';
import { SayPipe } from '../core/say.pipe';
import { WallService } from '../wall/wall.service';

/** What a buyer holds in the hand: one large button. */
@Component({
  selector: 'qb-paddle',
  standalone: true,
  imports: [FormsModule, SayPipe],
  template: `
    @if (face(); as shown) {
      <h2>{{ shown.lot.speciesName }} {{ shown.lot.grade }}</h2>
      <input type="number" [(ngModel)]="crates" min="1" [max]="shown.lot.crates" />
      <button class="mine" (click)="mine()">{{ 'paddle.mine' | say }}</button>
    }
    @for (sale of bought(); track sale.id) {
      <p>{{ sale.crates }} &times; {{ sale.kronerPerKilo }} = {{ sale.kroner }}</p>
    }
  `,
})
export class PaddleComponent {
  @Input({ required: true }) number!: string;
  private readonly api = inject(HallApi);
  readonly face = toSignal(inject(WallService).faces(), { initialValue: null });
  readonly bought = signal<Sale[]>([]);
  crates = 1;

  mine(): void {
    this.api.take(Number(this.number), this.crates).subscribe((sale) => {
      this.bought.update((sales) => [sale, ...sales]);
    });
  }
}
