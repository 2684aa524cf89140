import { Component, OnDestroy, inject, signal } from '@angular/core';
import { DecimalPipe } from '@angular/common';
import { Subscription } from 'rxjs';
import { ClockFace } from '../core/model';
import { SayPipe } from '../core/say.pipe';
import { priceNow, skewOf } from './clock-hand';
import { WallService } from './wall.service';

/** The big screen at the end of the hall. */
@Component({
  selector: 'qb-wall',
  standalone: true,
  imports: [DecimalPipe, SayPipe],
  template: `
    @if (face(); as shown) {
      <h1>{{ shown.lot.speciesName }} {{ shown.lot.grade }}</h1>
      <p class="crates">{{ shown.lot.crates }} {{ 'wall.crates' | say }}, {{ shown.lot.kilos | number }} kg</p>
      <p class="price">{{ price() / 100 | number: '1.2-2' }}</p>
    } @else {
      <h1>{{ 'wall.idle' | say }}</h1>
    }
  `,
})
export class WallComponent implements OnDestroy {
  readonly face = signal<ClockFace | null>(null);
  readonly price = signal(0);
  private readonly polls: Subscription;
  private readonly hand = setInterval(() => this.move(), 50);
  private skew = 0;

  constructor() {
    this.polls = inject(WallService).faces().subscribe((face) => {
      this.face.set(face);
      this.skew = face ? skewOf(face) : 0;
    });
  }

  ngOnDestroy(): void {
    clearInterval(this.hand);
    this.polls.unsubscribe();
  }

  private move(): void {
    const face = this.face();
    this.price.set(face ? priceNow(face, this.skew) : 0);
  }
}
