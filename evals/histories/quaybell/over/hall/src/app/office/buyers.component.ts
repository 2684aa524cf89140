import { Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { HallApi } from '../core/hall-api';
import { Standing } from '../core/model';
import { SayPipe } from '../core/say.pipe';

@Component({
  selector: 'qb-buyers',
  standalone: true,
  imports: [FormsModule, SayPipe],
  template: `
    <h1>{{ 'buyers.title' | say }}</h1>
    <p>{{ 'buyers.hint' | say }}</p>
    @for (each of standings(); track each.paddle) {
      <article [class.suspended]="each.suspended">
        <h2>{{ each.paddle }} {{ each.name }}</h2>
        <p>{{ each.open }} / {{ each.limit }}</p>
        <input type="number" [(ngModel)]="kroner" />
        <button (click)="raise(each)">{{ 'buyers.raise' | say }}</button>
        <button (click)="toggle(each)">{{ (each.suspended ? 'buyers.readmit' : 'buyers.bar') | say }}</button>
      </article>
    }
  `,
})
export class BuyersComponent {
  private readonly api = inject(HallApi);
  readonly standings = signal<Standing[]>([]);
  kroner = 100000;

  constructor() {
    this.refresh();
  }

  raise(each: Standing): void {
    this.api.ceiling(each.paddle, this.kroner).subscribe(() => this.refresh());
  }

  toggle(each: Standing): void {
    const call = each.suspended ? this.api.readmit(each.paddle) : this.api.bar(each.paddle);
    call.subscribe(() => this.refresh());
  }

  private refresh(): void {
    this.api.paddles().subscribe((standings) => this.standings.set(standings));
  }
}
